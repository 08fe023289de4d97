import CircuitBreaker from 'opossum';

export interface GuardOptions {
  readonly name: string;
  /** Longest that a call may take, ms. Absent: the call limits itself. */
  readonly timeoutMs?: number;
  /** How long nothing is tried after repeated failures. */
  readonly resetMs: number;
}

export type GuardState = 'closed' | 'half-open' | 'open';

export interface GuardedCall<A extends unknown[], R> {
  (...args: A): Promise<R>;
  /** `open`: calls are refused without being made. */
  readonly state: GuardState;
  readonly lastFailure: string | undefined;
  close(): void;
}

/**
 * Puts a circuit breaker around a call between our own processes: a registry that hangs must not hang those that ask it.
 * The breakers of routes are others (`libs/resilience`), which follow Hystrix.
 */
export function guardCall<A extends unknown[], R>(
  call: (...args: A) => Promise<R>,
  options: GuardOptions,
): GuardedCall<A, R> {
  const breaker = new CircuitBreaker(call, {
    name: options.name,
    timeout: options.timeoutMs ?? false,
    resetTimeout: options.resetMs,
    errorThresholdPercentage: 50,
    volumeThreshold: 3,
  });
  let lastFailure: string | undefined;
  const remember = (error: unknown) => (lastFailure = error instanceof Error ? error.message : String(error));
  breaker.on('failure', remember);
  const fire = (...args: A) => breaker.fire(...args);
  return Object.defineProperties(
    Object.assign(fire, { state: 'closed' as const, lastFailure: undefined, close: () => breaker.shutdown() }),
    {
      state: { get: (): GuardState => (breaker.opened ? 'open' : breaker.halfOpen ? 'half-open' : 'closed') },
      lastFailure: { get: () => lastFailure },
    },
  );
}
