/** Cancels what a clock has scheduled. Calling it twice, or after the callback ran, does nothing. */
export type CancelTimer = () => void;

/**
 * Time as the domains see it. Two scales on purpose: `now` is what the wire shows and may jump when the
 * machine's clock is set; everything that measures a span (leases, timeouts, windows) uses `monotonic`.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonic(): number;
  /** Runs `callback` once after `delayMs`. Never keeps the process alive. */
  schedule(delayMs: number, callback: () => void): CancelTimer;
}

/** The machine's clocks. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
