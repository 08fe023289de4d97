import type { Problem, SourceLocation } from '#kernel';
import type { Filter } from './filter.ts';
import type { Match } from './match.ts';
import type { BalancingRule, CircuitBreakerPolicy, OutlierPolicy, RetryPolicy, Timeouts } from './policy.ts';

/**
 * All that a data plane needs to know: immutable plain JSON with a version. Dialects write it, data planes execute it.
 * Which instances a discovered cluster has is not part of it: that changes by the second and comes as `EndpointSet`.
 */
export interface TrafficConfig {
  /** Hash of the content: equal configurations have equal versions. */
  readonly version: string;
  /** In matching order: the first route that matches wins. */
  readonly routes: readonly Route[];
  readonly clusters: readonly Cluster[];
  readonly forwarding: Forwarding;
  /** What could not be expressed or is wrong. A route with an error is not in `routes`. */
  readonly problems: readonly Problem[];
}

export interface Route {
  readonly id: string;
  readonly match: Match;
  readonly filters: readonly Filter[];
  readonly action: RouteAction;
  readonly timeouts?: Timeouts;
  readonly retry?: RetryPolicy;
  readonly breaker?: CircuitBreakerPolicy;
  /** Free for users; shown, never interpreted. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly location?: SourceLocation;
  /** Dialect that wrote it: `zuul`, `spring-cloud-gateway`. */
  readonly dialect?: string;
}

export type RouteAction =
  | {
      readonly kind: 'forward';
      readonly cluster: string;
      /** Prepended to the path after all filters ran: the path of a Zuul `url`. */
      readonly basePath?: string;
      /** The path goes on with every run of slashes as one; predicates and filters see it as it came. */
      readonly mergeSlashes?: boolean;
    }
  /** Matched again inside the gateway under another path (`forward:`). */
  | {
      readonly kind: 'internal';
      readonly path: string;
      /** Zuul's `forward:`: the request's path, as the filters left it, follows `path`; `//` becomes `/`. */
      readonly appendPath?: boolean;
    }
  /** Filters answer; nothing is sent upstream. */
  | { readonly kind: 'respond'; readonly status: number; readonly body?: string };

/** A group of interchangeable instances. */
export interface Cluster {
  readonly id: string;
  readonly endpoints: ClusterEndpoints;
  readonly balancing: BalancingRule;
  readonly protocol: 'http1';
  /** TLS to the instances. `trust: 'system'` verifies against the machine's authorities. */
  readonly tls?: ClusterTls;
  readonly connectTimeoutMs: number;
  /** Connections per endpoint and worker. */
  readonly maxConnections: number;
  /** Requests that wait while all connections are in use, per endpoint and worker; one more is refused. */
  readonly maxPendingRequests: number;
  /** Longest such wait; then the request is refused with outcome `overloaded`. */
  readonly pendingTimeoutMs: number;
  /** An idle connection is closed after this; keep it below the upstream's own keep-alive time. */
  readonly idleTimeoutMs: number;
  /** Requests under way at once, per worker; one more is refused with outcome `overloaded`. */
  readonly maxConcurrentRequests: number;
  readonly outlier?: OutlierPolicy;
  readonly location?: SourceLocation;
}

export type ClusterEndpoints =
  | { readonly kind: 'static'; readonly endpoints: readonly Endpoint[] }
  | { readonly kind: 'discovered'; readonly service: string };

export interface ClusterTls {
  readonly serverName?: string;
  /** PEM of the authorities to trust; absent means the machine's. */
  readonly caPem?: string;
  readonly certPem?: string;
  readonly keyPem?: string;
  /** False accepts any certificate; a problem is shown. */
  readonly verify: boolean;
}

/** One address that requests can be sent to. */
export interface Endpoint {
  /** `host:port` unless discovery gives the instance an id. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  readonly secure?: boolean;
  readonly zone?: string;
}

/** The instances of one discovered cluster at a moment. */
export interface EndpointSet {
  readonly cluster: string;
  readonly endpoints: readonly Endpoint[];
}

/** What the gateway tells upstreams about the client, and whom it believes. */
export interface Forwarding {
  /** CIDR blocks of proxies whose X-Forwarded-* and Forwarded are believed. Others' are stripped. */
  readonly trustedProxies: readonly string[];
  readonly xForwarded: {
    readonly for: boolean;
    readonly host: boolean;
    readonly port: boolean;
    readonly proto: boolean;
    readonly prefix: boolean;
  };
  /** RFC 7239 `Forwarded`. */
  readonly forwarded: boolean;
}
