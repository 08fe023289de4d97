/** Outcomes of the calls that a breaker judges by. Reading and recording allocate nothing. */
export interface CallWindow {
  record(failed: boolean, slow: boolean, now: number): void;
  /** Drops what has become too old; to be called before the sums are read. */
  advance(now: number): void;
  readonly total: number;
  readonly failed: number;
  readonly slow: number;
  clear(): void;
}

const FAILED = 1;
const SLOW = 2;

/** The last `size` calls. */
export class CountWindow implements CallWindow {
  total = 0;
  failed = 0;
  slow = 0;
  readonly #calls: Uint8Array;
  #next = 0;

  constructor(size: number) {
    this.#calls = new Uint8Array(Math.max(1, Math.floor(size)));
  }

  record(failed: boolean, slow: boolean): void {
    if (this.total === this.#calls.length) {
      const oldest = this.#calls[this.#next] ?? 0;
      if ((oldest & FAILED) !== 0) this.failed--;
      if ((oldest & SLOW) !== 0) this.slow--;
    } else {
      this.total++;
    }
    if (failed) this.failed++;
    if (slow) this.slow++;
    this.#calls[this.#next] = (failed ? FAILED : 0) | (slow ? SLOW : 0);
    this.#next = (this.#next + 1) % this.#calls.length;
  }

  advance(): void {
    // A call leaves only when a newer one comes.
  }

  clear(): void {
    this.total = this.failed = this.slow = this.#next = 0;
  }
}

/** The calls of the last `ms`, in buckets: the oldest bucket leaves as a whole. */
export class TimeWindow implements CallWindow {
  total = 0;
  failed = 0;
  slow = 0;
  readonly #bucketMs: number;
  /** Three numbers per bucket: total, failed, slow. */
  readonly #buckets: Uint32Array;
  readonly #count: number;
  #current = Number.NEGATIVE_INFINITY;

  constructor(ms: number, bucketMs: number) {
    this.#bucketMs = bucketMs;
    this.#count = Math.max(1, Math.ceil(ms / bucketMs));
    this.#buckets = new Uint32Array(this.#count * 3);
  }

  record(failed: boolean, slow: boolean, now: number): void {
    this.advance(now);
    const at = this.#offset(this.#current);
    this.total++;
    this.#add(at, 1);
    if (failed) {
      this.failed++;
      this.#add(at + 1, 1);
    }
    if (slow) {
      this.slow++;
      this.#add(at + 2, 1);
    }
  }

  advance(now: number): void {
    const bucket = Math.floor(now / this.#bucketMs);
    if (bucket - this.#current >= this.#count) {
      this.clear();
      this.#current = bucket;
    }
    while (this.#current < bucket) {
      this.#current++;
      const at = this.#offset(this.#current);
      this.total -= this.#buckets[at] ?? 0;
      this.failed -= this.#buckets[at + 1] ?? 0;
      this.slow -= this.#buckets[at + 2] ?? 0;
      this.#buckets.fill(0, at, at + 3);
    }
  }

  clear(): void {
    this.total = this.failed = this.slow = 0;
    this.#buckets.fill(0);
  }

  #offset(bucket: number): number {
    return (bucket % this.#count) * 3;
  }

  #add(at: number, amount: number): void {
    this.#buckets[at] = (this.#buckets[at] ?? 0) + amount;
  }
}
