import {
  BREAKER_DEFAULTS,
  CLUSTER_DEFAULTS,
  FORWARDING_DEFAULTS,
  OUTLIER_DEFAULTS,
  RETRY_DEFAULTS,
} from './defaults.ts';
import type { Cluster, Endpoint, Route, TrafficConfig } from './model.ts';
import type { CircuitBreakerPolicy, OutlierPolicy, RetryPolicy } from './policy.ts';
import { versionOf } from './version.ts';

/** A route; without `action` it forwards to the cluster that has its id. */
export function route(parts: Partial<Route> & Pick<Route, 'id'>): Route {
  return { match: {}, filters: [], action: { kind: 'forward', cluster: parts.id }, ...parts };
}

/** A cluster; without `endpoints` it is the discovered service of its name. */
export function cluster(parts: Partial<Cluster> & Pick<Cluster, 'id'>): Cluster {
  return { ...CLUSTER_DEFAULTS, endpoints: { kind: 'discovered', service: parts.id }, ...parts };
}

/** An endpoint of weight 1, named after its address. */
export function endpoint(parts: Partial<Endpoint> & Pick<Endpoint, 'host' | 'port'>): Endpoint {
  return { id: `${parts.host}:${parts.port}`, weight: 1, ...parts };
}

export function retryPolicy(parts: Partial<RetryPolicy> = {}): RetryPolicy {
  return { ...RETRY_DEFAULTS, ...parts };
}

export function breakerPolicy(
  parts: Partial<CircuitBreakerPolicy> & Pick<CircuitBreakerPolicy, 'name'>,
): CircuitBreakerPolicy {
  return { ...BREAKER_DEFAULTS, ...parts };
}

export function outlierPolicy(parts: Partial<OutlierPolicy> = {}): OutlierPolicy {
  return { ...OUTLIER_DEFAULTS, ...parts };
}

/** A whole configuration; the version follows from the content. */
export function trafficConfig(parts: Partial<Omit<TrafficConfig, 'version'>> = {}): TrafficConfig {
  const content = { routes: [], clusters: [], forwarding: FORWARDING_DEFAULTS, problems: [], ...parts };
  // Last: what is spread into `parts` may have the version of something else.
  return { ...content, version: versionOf(content) };
}
