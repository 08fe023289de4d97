/**
 * `forced-open` refuses all until told otherwise, `metrics-only` counts and never opens (Hystrix's forceClosed),
 * `disabled` neither counts nor refuses.
 */
export type CircuitState = 'closed' | 'open' | 'half-open' | 'forced-open' | 'metrics-only' | 'disabled';

/** Decides whether a call may be made now. A permit that was given must be returned by exactly one of the others. */
export interface Gate {
  tryAcquire(): boolean;
  onSuccess(durationMs: number): void;
  onFailure(durationMs: number): void;
  /** The call was given up by the caller: it says nothing about the service. */
  onCancelled(): void;
}
