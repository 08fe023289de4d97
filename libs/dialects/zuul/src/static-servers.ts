import type { BoundNode } from '#config';
import { endpoint, type ClusterEndpoints, type Endpoint } from '#traffic';

/** `<service>.ribbon.listOfServers`, unless Eureka is said to list the servers; undefined means discovery. */
export function staticServers(service: string, root: BoundNode): ClusterEndpoints | undefined {
  const ribbon = root.at(service).at('ribbon');
  const servers = ribbon.list('list-of-servers');
  const eureka = root.boolean('ribbon.eureka.enabled');
  const configured = ribbon.string('niws-server-list-class-name')?.endsWith('ConfigurationBasedServerList') ?? false;
  if (eureka === true && !configured) {
    if (servers !== undefined)
      ribbon.at('list-of-servers').report({
        severity: 'warning',
        code: 'no-effect',
        message: `discovery lists the servers of ${service}, not listOfServers`,
        remedy: 'write ribbon.eureka.enabled: false',
      });
    return undefined;
  }
  if (servers === undefined && eureka !== false && !configured) return undefined;
  if (servers === undefined || servers.length === 0)
    (ribbon.exists ? ribbon : root.at('ribbon.eureka.enabled')).report({
      severity: 'warning',
      code: 'no-servers',
      message: `${service} has no servers`,
      remedy: `write ${service}.ribbon.listOfServers: host:port, or remove ribbon.eureka.enabled`,
    });
  const endpoints = (servers ?? []).flatMap((server) => readServer(server, ribbon.at('list-of-servers')) ?? []);
  return { kind: 'static', endpoints };
}

/** `host`, `host:port` or a URL whose path is dropped; port 80, or 443 of `https://`. */
function readServer(text: string, node: BoundNode): Endpoint | undefined {
  const url = /^https?:\/\//.test(text) ? text : `http://${text}`;
  if (!URL.canParse(url)) {
    node.report({
      severity: 'warning',
      code: 'invalid-value',
      message: `"${text}" is not a server`,
      remedy: 'write host:port',
    });
    return undefined;
  }
  const { hostname, port, protocol } = new URL(url);
  const secure = protocol === 'https:' || port === '443' || port === '8443';
  const number = port === '' ? (secure ? 443 : 80) : Number(port);
  const host = hostname.replace(/^\[|\]$/g, '');
  return endpoint({ id: `${hostname}:${number}`, host, port: number, ...(secure ? { secure } : {}) });
}
