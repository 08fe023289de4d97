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
export type { Translation, TranslationContext } from './translation.ts';
