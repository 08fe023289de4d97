import { systemClock, type Clock } from '#kernel';

const SLOTS = 10;
const SLOT_MS = 1_000;
/** Keeps `0.29 * 100` from being less than 29. */
const ROUNDING = 1e-9;

export interface RetryBudgetOptions {
  /** Retries per request, over the last ten seconds: 0.2 allows one retry for five requests. */
  readonly ratio: number;
  /** Retries per second that are allowed beside the ratio, so that a quiet service may retry at all. */
  readonly minPerSecond: number;
  readonly clock?: Clock;
}

/** Keeps retries from multiplying the load on a service that fails: Linkerd's budget, counted over ten one-second slots. */
export class RetryBudget {
  readonly #ratio: number;
  readonly #reserve: number;
  readonly #clock: Clock;
  readonly #requests = new Uint32Array(SLOTS);
  readonly #retries = new Uint32Array(SLOTS);
  #requestTotal = 0;
  #retryTotal = 0;
  #current: number;

  constructor(options: RetryBudgetOptions) {
    this.#ratio = options.ratio;
    this.#reserve = options.minPerSecond * SLOTS;
    this.#clock = options.clock ?? systemClock;
    this.#current = this.#slotNow();
  }

  /** Counts one request, at its first attempt. */
  onRequest(): void {
    this.#advance();
    this.#requestTotal++;
    increment(this.#requests, this.#current % SLOTS);
  }

  /** True when one more retry fits; it is then counted. */
  tryRetry(): boolean {
    this.#advance();
    if (this.#retryTotal + 1 > this.#ratio * this.#requestTotal + this.#reserve + ROUNDING) return false;
    this.#retryTotal++;
    increment(this.#retries, this.#current % SLOTS);
    return true;
  }

  #slotNow(): number {
    return Math.floor(this.#clock.monotonic() / SLOT_MS);
  }

  #advance(): void {
    const now = this.#slotNow();
    if (now - this.#current > SLOTS) this.#current = now - SLOTS;
    while (this.#current < now) {
      this.#current++;
      const slot = this.#current % SLOTS;
      this.#requestTotal -= this.#requests[slot] ?? 0;
      this.#retryTotal -= this.#retries[slot] ?? 0;
      this.#requests[slot] = this.#retries[slot] = 0;
    }
  }
}

function increment(counts: Uint32Array, slot: number): void {
  counts[slot] = (counts[slot] ?? 0) + 1;
}
