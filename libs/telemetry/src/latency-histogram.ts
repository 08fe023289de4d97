/** Eight buckets to the doubling: a quantile is off by 9 % at most. From 0.0625 ms to about 35 minutes. */
const PER_DOUBLING = 8;
const LOWEST_MS = 0.0625;
const BUCKETS = 25 * PER_DOUBLING;

/** `[bucket, count]` of the buckets that hold something. */
export type SparseCounts = readonly (readonly [bucket: number, count: number])[];

/** Counts durations in logarithmic buckets: fixed memory, no allocation per value, mergeable between processes. */
export class LatencyHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;

  get total(): number {
    return this.#total;
  }

  record(ms: number): void {
    const bucket = ms <= LOWEST_MS ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log2(ms / LOWEST_MS) * PER_DOUBLING));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
  }

  add(counts: SparseCounts): void {
    for (const [bucket, count] of counts) {
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
      this.#total += count;
    }
  }

  toSparse(): SparseCounts {
    const sparse: [number, number][] = [];
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const count = this.#counts[bucket] ?? 0;
      if (count > 0) sparse.push([bucket, count]);
    }
    return sparse;
  }

  /** Upper bound in ms of the bucket that holds the quantile; 0 when nothing was counted. */
  quantile(share: number): number {
    let left = Math.ceil(this.#total * share);
    if (this.#total === 0) return 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      left -= this.#counts[bucket] ?? 0;
      if (left <= 0) return upperBound(bucket);
    }
    return upperBound(BUCKETS - 1);
  }

  /** How many took at most 1, 2, 4 … 32768 ms: exact, because these are bounds of buckets. */
  cumulative(): (readonly [boundMs: number, count: number])[] {
    const result: [number, number][] = [];
    let count = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      count += this.#counts[bucket] ?? 0;
      const bound = upperBound(bucket);
      if (bound >= 1 && bound <= 32_768 && bucket % PER_DOUBLING === 0) result.push([bound, count]);
    }
    return result;
  }
}

function upperBound(bucket: number): number {
  return LOWEST_MS * 2 ** (bucket / PER_DOUBLING);
}
