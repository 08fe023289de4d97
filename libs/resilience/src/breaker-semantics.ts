/** Where the two breakers that users know differ, although the states and the thresholds are the same. */
export interface BreakerSemantics {
  /** Width of the buckets of a time window, in milliseconds. */
  readonly bucketMs: number;
  /** Percent as it is compared with the threshold. */
  readonly percent: (part: number, whole: number) => number;
  /** Shortest time between two judgements of a closed breaker; 0 judges after each call. */
  readonly judgeEveryMs: number;
  /** What a half-open breaker does when the caller gives a trial up. */
  readonly cancelledTrial: 'release' | 'reopen';
  /** Calls that are slow by duration count only where slowness is known. */
  readonly knowsSlowCalls: boolean;
}

/** resilience4j 2.x: judged inline after each call, buckets of one second, exact percentages. */
export const RESILIENCE4J: BreakerSemantics = {
  bucketMs: 1_000,
  percent: (part, whole) => (part * 100) / whole,
  judgeEveryMs: 0,
  cancelledTrial: 'release',
  knowsSlowCalls: true,
};

/** Hystrix 1.5: judged with the health snapshot every 500 ms, whole percentages, a cancelled trial re-opens. */
export const HYSTRIX: BreakerSemantics = {
  bucketMs: 500,
  percent: (part, whole) => Math.floor((part * 100) / whole),
  judgeEveryMs: 500,
  cancelledTrial: 'reopen',
  knowsSlowCalls: false,
};
