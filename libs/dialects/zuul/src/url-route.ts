import type { BoundNode } from '#config';
import {
  cluster,
  CLUSTER_DEFAULTS,
  endpoint,
  retryPolicy,
  type CircuitBreakerPolicy,
  type Cluster,
  type RetryPolicy,
  type RouteAction,
  type Timeouts,
} from '#traffic';
import type { ZuulSettings } from './zuul-settings.ts';

/** How a route reaches its target. */
export interface RouteTarget {
  readonly action: RouteAction;
  readonly cluster?: Cluster;
  readonly timeouts?: Timeouts;
  readonly retry?: RetryPolicy;
  readonly breaker?: CircuitBreakerPolicy;
}

const IDEMPOTENT = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'];

/** A `url`: one address, no discovery, no breaker. `zuul.host.*` holds its limits. */
export function urlTarget(url: string, zuul: BoundNode, settings: ZuulSettings): RouteTarget | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port, pathname } = new URL(url);
  const secure = protocol === 'https:';
  const number = port === '' ? (secure ? 443 : 80) : Number(port);
  const host = zuul.at('host');
  const responseMs = host.duration('socket-timeout-millis') ?? 10_000;
  const address = endpoint({
    id: `${hostname}:${number}`,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: number,
    ...(secure ? { secure } : {}),
  });
  const upstream = cluster({
    id: `zuul:${protocol}//${hostname}:${number}`,
    endpoints: { kind: 'static', endpoints: [address] },
    ...(secure ? { tls: { verify: settings.verifyTls } } : {}),
    connectTimeoutMs: host.duration('connect-timeout-millis') ?? CLUSTER_DEFAULTS.connectTimeoutMs,
    maxConnections: host.integer('max-per-route-connections', { min: 1 }) ?? CLUSTER_DEFAULTS.maxConnections,
  });
  const basePath = pathname.replace(/\/+$/, '');
  return {
    action: { kind: 'forward', cluster: upstream.id, mergeSlashes: true, ...(basePath === '' ? {} : { basePath }) },
    cluster: upstream,
    timeouts: responseMs > 0 ? { responseMs } : {},
    // The original's HTTP client sends an idempotent request up to three times more when the connection dies early.
    retry: retryPolicy({ retries: 3, methods: IDEMPOTENT, on: ['reset'] }),
  };
}
