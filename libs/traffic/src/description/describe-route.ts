import type { Cluster, Route } from '../model.ts';
import { describeFilter } from './describe-filter.ts';
import { describeMatch } from './describe-match.ts';

/** A route in words, for lists and explanations. */
export interface RouteDescription {
  readonly predicate: string;
  readonly target: string;
  readonly filters: readonly string[];
}

export function describeRoute(route: Route, clusters: ReadonlyMap<string, Cluster>): RouteDescription {
  const filters = route.filters.map(describeFilter);
  const { retry, breaker } = route;
  if (retry !== undefined) filters.push(`retry retries=${retry.retries} methods=${retry.methods.join(',')}`);
  if (breaker !== undefined)
    filters.push(
      `circuit-breaker name=${breaker.name}${breaker.fallbackPath === undefined ? '' : ` fallback=${breaker.fallbackPath}`}`,
    );
  return { predicate: describeMatch(route.match), target: describeTarget(route, clusters), filters };
}

function describeTarget({ action }: Route, clusters: ReadonlyMap<string, Cluster>): string {
  if (action.kind === 'respond') return `answers ${action.status}`;
  if (action.kind === 'internal') return `forward:${action.path}`;
  const cluster = clusters.get(action.cluster);
  return `${cluster === undefined ? action.cluster : describeCluster(cluster)}${action.basePath ?? ''}`;
}

/** `http://host:port` of a single address, `service orders` of a discovered one, else a list. */
export function describeCluster({ endpoints, tls }: Cluster): string {
  if (endpoints.kind === 'discovered') return `service ${endpoints.service}`;
  const addresses = endpoints.endpoints.map(
    ({ host, port, secure }) =>
      `${secure === true || tls !== undefined ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
  );
  return addresses.length === 0 ? 'no server' : addresses.join(', ');
}
