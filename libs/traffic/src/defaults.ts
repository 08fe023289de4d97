import type { Cluster, Forwarding } from './model.ts';
import type { CircuitBreakerPolicy, OutlierPolicy, RetryPolicy } from './policy.ts';

/** What a cluster has unless somebody says otherwise. */
export const CLUSTER_DEFAULTS = {
  /** As Ribbon and Spring Cloud LoadBalancer. */
  balancing: 'round-robin',
  protocol: 'http1',
  /** Zuul's `host.connectTimeoutMillis`. */
  connectTimeoutMs: 2_000,
  /** Below the keep-alive of the usual servers (Tomcat, nginx, Node behind a balancer: 60 s and more). */
  idleTimeoutMs: 55_000,
  maxConnections: 256,
  /** As Envoy. */
  maxPendingRequests: 1_024,
  pendingTimeoutMs: 1_000,
  maxConcurrentRequests: 1_024,
} as const satisfies Partial<Cluster>;

/** A retry policy that cannot do harm: safe methods, a bounded share, bodies up to 64 KiB kept for replay. */
export const RETRY_DEFAULTS: RetryPolicy = {
  retries: 1,
  methods: ['GET', 'HEAD', 'OPTIONS'],
  statuses: [],
  on: ['connect', 'reset'],
  maxReplayBytes: 65_536,
  /** Linkerd's default budget. */
  budget: { ratio: 0.2, minPerSecond: 10 },
};

/** resilience4j's defaults, with its time limiter's of one second. */
export const BREAKER_DEFAULTS: Omit<CircuitBreakerPolicy, 'name'> = {
  window: { kind: 'count', size: 100 },
  minimumCalls: 100,
  failureRateThreshold: 50,
  slowCallRateThreshold: 100,
  slowCallDurationMs: 60_000,
  openMs: 60_000,
  halfOpenCalls: 10,
  failureStatuses: [],
  timeoutMs: 1_000,
};

/** Envoy's numbers, but half of a cluster may go: with Envoy's 10 percent a cluster below ten instances ejects none. */
export const OUTLIER_DEFAULTS: OutlierPolicy = {
  consecutiveFailures: 5,
  baseEjectionMs: 30_000,
  maxEjectionMs: 300_000,
  maxEjectionPercent: 50,
};

/** Nobody is believed; X-Forwarded-* are written anew for the upstream. */
export const FORWARDING_DEFAULTS: Forwarding = {
  trustedProxies: [],
  xForwarded: { for: true, host: true, port: true, proto: true, prefix: true },
  forwarded: false,
};
