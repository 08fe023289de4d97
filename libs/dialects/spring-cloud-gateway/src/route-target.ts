import type { BoundNode } from '#config';
import type { Cluster, ClusterEndpoints, RouteAction } from '#traffic';
import type { HttpClientSettings } from './http-client.ts';

/** Where a route leads, with the cluster it needs. */
export interface RouteTarget {
  readonly action: RouteAction;
  readonly cluster?: Cluster;
}

const PLAIN = new Set(['http', 'ws']);
const SECURE = new Set(['https', 'wss']);

/** Reads a route's `uri`. Only scheme, host and port count, except of `forward:`. */
export function readTarget(
  uri: string,
  node: BoundNode,
  client: HttpClientSettings,
  connectTimeoutMs: number | undefined,
): RouteTarget | undefined {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(uri) ?? [];
  const lower = scheme.toLowerCase();
  const unknown = /\$\{([^}:]+)/.exec(uri)?.[1];
  if (unknown !== undefined) return refuse(node, uri, `define ${unknown}, or write \${${unknown}:http://host:port}`);
  if (lower === '' || /^\d+(\/|$)/.test(rest)) return refuse(node, uri, `write http://${uri}`);
  if (lower === 'forward') {
    const path = /^(?:\/\/[^/]*)?(\/.*)$/.exec(rest)?.[1];
    return path === undefined ? refuse(node, uri, 'write forward:/path') : { action: { kind: 'internal', path } };
  }
  if (lower === 'lb') return readService(uri, rest, node, client, connectTimeoutMs);
  if (PLAIN.has(lower) || SECURE.has(lower))
    return readUrl(uri, rest, SECURE.has(lower), node, client, connectTimeoutMs);
  if (lower === 'fn' || lower === 'stream') return refuse(node, uri, 'write http://host:port or lb://service');
  // The original sends nothing for a scheme it does not know and answers an empty 200.
  return { action: { kind: 'respond', status: 200 } };
}

function readService(
  uri: string,
  rest: string,
  node: BoundNode,
  client: HttpClientSettings,
  connectTimeoutMs: number | undefined,
): RouteTarget | undefined {
  const [, scheme = '', service = ''] = /^(?:(\w+):)?\/\/([^/?#:@]+)/.exec(rest) ?? [];
  if (service === '') return refuse(node, uri, 'write lb://service');
  const secure = SECURE.has(scheme.toLowerCase());
  const id = secure ? `lb:https://${service}` : `lb://${service}`;
  return forward(id, { kind: 'discovered', service }, secure, client, connectTimeoutMs);
}

function readUrl(
  uri: string,
  rest: string,
  secure: boolean,
  node: BoundNode,
  client: HttpClientSettings,
  connectTimeoutMs: number | undefined,
): RouteTarget | undefined {
  const scheme = secure ? 'https' : 'http';
  if (!rest.startsWith('//') || !URL.canParse(`${scheme}:${rest}`)) return refuse(node, uri, 'write http://host:port');
  const { hostname, port } = new URL(`${scheme}:${rest}`);
  const host = hostname.replace(/^\[|\]$/g, '');
  const number = port === '' ? (secure ? 443 : 80) : Number(port);
  const endpoint = { id: `${hostname}:${number}`, host, port: number, weight: 1 };
  const endpoints: ClusterEndpoints = { kind: 'static', endpoints: [secure ? { ...endpoint, secure } : endpoint] };
  return forward(`${scheme}://${hostname}:${number}`, endpoints, secure, client, connectTimeoutMs);
}

function forward(
  id: string,
  endpoints: ClusterEndpoints,
  secure: boolean,
  client: HttpClientSettings,
  connectTimeoutMs: number | undefined,
): RouteTarget {
  const own = connectTimeoutMs === undefined ? {} : { connectTimeoutMs };
  const cluster: Cluster = {
    // A route with its own connect timeout has its own connections.
    id: connectTimeoutMs === undefined ? id : `${id} connect-timeout=${connectTimeoutMs}`,
    endpoints,
    ...client.cluster,
    ...own,
    ...(secure ? { tls: { verify: client.verifyTls } } : {}),
  };
  return { action: { kind: 'forward', cluster: cluster.id, mergeSlashes: true }, cluster };
}

function refuse(node: BoundNode, uri: string, remedy: string): undefined {
  node.report({ code: 'invalid-uri', message: `the uri "${uri}" leads nowhere`, remedy });
}
