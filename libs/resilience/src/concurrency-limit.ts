/** Counts what is under way and refuses more than `limit`; there is no queue. */
export class ConcurrencyLimit {
  /** May be changed at any time; what is under way stays. */
  limit: number;
  #inFlight = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** True must be followed by exactly one `release`. */
  tryAcquire(): boolean {
    if (this.#inFlight >= this.limit) return false;
    this.#inFlight++;
    return true;
  }

  release(): void {
    if (this.#inFlight === 0) throw new RangeError('released more often than acquired');
    this.#inFlight--;
  }
}
