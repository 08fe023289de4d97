/** linkerd2-proxy's defaults: an endpoint never asked counts as 30 ms; samples lose weight over 10 s. */
const START_RTT_MS = 30;
const DECAY_MS = 10_000;

/**
 * Moving average of latency that believes bad news at once and good news slowly (Linkerd's Peak-EWMA).
 * All times are monotonic milliseconds.
 */
export class PeakEwma {
  #value = START_RTT_MS;
  #at: number;

  constructor(now: number) {
    this.#at = now;
  }

  reset(now: number): void {
    this.#value = START_RTT_MS;
    this.#at = now;
  }

  /** The estimate as it has faded until `now`, so that an endpoint shunned for one slow answer is tried again. */
  at(now: number): number {
    return now > this.#at ? this.#value * Math.exp((this.#at - now) / DECAY_MS) : this.#value;
  }

  /** Samples not newer than the last one are dropped, as Linkerd does. */
  record(rttMs: number, now: number): void {
    if (now <= this.#at) return;
    const decay = Math.exp((this.#at - now) / DECAY_MS);
    const faded = this.#value * decay;
    this.#value = rttMs > faded ? rttMs : rttMs * (1 - decay) + faded;
    this.#at = now;
  }
}
