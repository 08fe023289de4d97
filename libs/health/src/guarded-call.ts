import CircuitBreaker from 'opossum';

export interface GuardOptions {
  readonly name: string;
  readonly timeoutMs: number;
  /** How long nothing is tried after repeated failures. */
  readonly resetMs: number;
}

export interface GuardedCall<A extends unknown[], R> {
  (...args: A): Promise<R>;
  /** True while calls are refused without being made. */
  readonly open: boolean;
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
    timeout: options.timeoutMs,
    resetTimeout: options.resetMs,
    errorThresholdPercentage: 50,
    volumeThreshold: 3,
  });
  return Object.defineProperties(
    Object.assign((...args: A) => breaker.fire(...args), { open: false, close: () => breaker.shutdown() }),
    { open: { get: () => breaker.opened } },
  );
}
