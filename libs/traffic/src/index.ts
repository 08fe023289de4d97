export { breakerPolicy, cluster, endpoint, outlierPolicy, retryPolicy, route, trafficConfig } from './builders.ts';
export { checkTrafficConfig, servablePart } from './check/check-config.ts';
export {
  BREAKER_DEFAULTS,
  CLUSTER_DEFAULTS,
  FORWARDING_DEFAULTS,
  OUTLIER_DEFAULTS,
  RETRY_DEFAULTS,
} from './defaults.ts';
export { describeCluster, describeRoute, type RouteDescription } from './description/describe-route.ts';
export type { Direction, Filter, RateLimit } from './filter.ts';
export type { HostMatch, Match, NamedMatch, PathMatch, TextMatch } from './match.ts';
export type {
  Cluster,
  ClusterEndpoints,
  ClusterTls,
  Endpoint,
  EndpointSet,
  Forwarding,
  Route,
  RouteAction,
  TrafficConfig,
} from './model.ts';
export type { BalancingRule, CircuitBreakerPolicy, OutlierPolicy, RetryPolicy, Timeouts } from './policy.ts';
export type { JsonSchema } from './schema/json-schema.ts';
export { trafficConfigSchema } from './schema/traffic-config-schema.ts';
export { mergeTranslations, type Translation, type TranslationContext } from './translation.ts';
