import { systemClock, type Clock } from '#kernel';

export interface TokenBucketOptions {
  /** Tokens added per second, continuously. */
  readonly replenishRate: number;
  /** Most tokens a bucket holds; a new bucket is full. */
  readonly burstCapacity: number;
  /** Keys remembered at least; up to twice as many are held. */
  readonly maxKeys?: number;
  readonly clock?: Clock;
}

/** Answer to one `take`. Valid until the next call: the limiter reuses it. */
export interface TokenGrant {
  readonly allowed: boolean;
  /** Whole tokens left. */
  readonly remaining: number;
}

/** Many small refills add up to a hair less than one large one. */
const ROUNDING = 1e-6;

class Bucket implements TokenGrant {
  tokens: number;
  filledAt: number;
  allowed = false;

  constructor(tokens: number, now: number) {
    this.tokens = tokens;
    this.filledAt = now;
  }

  get remaining(): number {
    return Math.max(0, Math.floor(this.tokens + ROUNDING));
  }
}

/**
 * A token bucket per key, in memory. Keys live in two generations: when the younger one is full the older one is dropped,
 * so that memory is bounded, nothing is swept, and a key in use is never lost to a flood of others at once.
 */
export class TokenBucketLimiter {
  readonly #ratePerMs: number;
  readonly #capacity: number;
  readonly #maxKeys: number;
  readonly #clock: Clock;
  #young = new Map<string, Bucket>();
  #old = new Map<string, Bucket>();

  constructor(options: TokenBucketOptions) {
    this.#ratePerMs = options.replenishRate / 1_000;
    this.#capacity = options.burstCapacity;
    this.#maxKeys = options.maxKeys ?? 100_000;
    this.#clock = options.clock ?? systemClock;
  }

  /** Buckets held now. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** Takes `cost` tokens if the key has them; a refused call costs nothing. */
  take(key: string, cost: number): TokenGrant {
    const now = this.#clock.monotonic();
    const bucket = this.#bucketOf(key, now);
    bucket.tokens = Math.min(this.#capacity, bucket.tokens + (now - bucket.filledAt) * this.#ratePerMs);
    bucket.filledAt = now;
    bucket.allowed = bucket.tokens + ROUNDING >= cost;
    if (bucket.allowed) bucket.tokens -= cost;
    return bucket;
  }

  #bucketOf(key: string, now: number): Bucket {
    const young = this.#young.get(key);
    if (young) return young;
    const bucket = this.#old.get(key) ?? new Bucket(this.#capacity, now);
    if (this.#young.size >= this.#maxKeys) {
      this.#old = this.#young;
      this.#young = new Map();
    } else {
      this.#old.delete(key);
    }
    this.#young.set(key, bucket);
    return bucket;
  }
}
