/** When and how often a request is sent again. Times in milliseconds. */
export interface RetryPolicy {
  /** Attempts after the first. */
  readonly retries: number;
  /** Methods that may be sent again although the first attempt may have had an effect. */
  readonly methods: readonly string[];
  readonly statuses: readonly number[];
  /** Failures without an answer that are retried. `connect` is safe for any method: no byte was sent. */
  readonly on: readonly ('connect' | 'reset' | 'timeout')[];
  readonly perTryTimeoutMs?: number;
  readonly backoff?: {
    readonly firstMs: number;
    readonly maxMs?: number;
    readonly factor: number;
    readonly jitter: number;
  };
  /** Request bodies up to this many bytes are kept for replay; a larger body is sent once. */
  readonly maxReplayBytes: number;
  /** Retries may be at most this share of the requests of the last ten seconds, plus `minPerSecond`. */
  readonly budget: { readonly ratio: number; readonly minPerSecond: number };
}

/** When a route stops trying, as resilience4j words it. Hystrix settings translate into the same terms. */
export interface CircuitBreakerPolicy {
  readonly name: string;
  readonly window: { readonly kind: 'count'; readonly size: number } | { readonly kind: 'time'; readonly ms: number };
  readonly minimumCalls: number;
  /** Percent, inclusive: the breaker opens at or above it. */
  readonly failureRateThreshold: number;
  readonly slowCallRateThreshold?: number;
  readonly slowCallDurationMs?: number;
  readonly openMs: number;
  readonly halfOpenCalls: number;
  /** Statuses that count as failures beside those without an answer. */
  readonly failureStatuses: readonly number[];
  /** Where a call that failed or was refused goes instead: a path that is matched again inside the gateway. */
  readonly fallbackPath?: string;
  /** Longest a call may take before it counts as a failure. */
  readonly timeoutMs?: number;
}

/** Times of one request, in milliseconds; absent means unlimited. */
export interface Timeouts {
  /** From the request's last byte sent to the answer's head. */
  readonly responseMs?: number;
  /** Whole exchange, all attempts included. */
  readonly totalMs?: number;
  /** Longest silence in either direction while a body flows; also of an upgraded connection. */
  readonly idleMs?: number;
}

/** Takes an instance out for a while after it failed repeatedly. */
export interface OutlierPolicy {
  /** Failures in a row (5xx, resets, timeouts, refused connections). */
  readonly consecutiveFailures: number;
  /** First ejection; doubles each time up to `maxEjectionMs`. */
  readonly baseEjectionMs: number;
  readonly maxEjectionMs: number;
  /** Never eject more than this share of a cluster. */
  readonly maxEjectionPercent: number;
}

export type BalancingRule = 'round-robin' | 'random' | 'weighted' | 'least-request' | 'peak-ewma';
