import type { Clock } from '#kernel';
import { TokenBucketLimiter } from '#resilience';
import type { RateLimit } from '#traffic';

/**
 * Buckets of all rate limits of a data plane. They outlive a configuration: an edit elsewhere must not fill them up.
 * Call `begin` before a configuration is compiled and `end` after it took effect; limits it does not mention are dropped.
 */
export class RateLimiters {
  readonly #clock: Clock | undefined;
  #current = new Map<string, TokenBucketLimiter>();
  #previous = new Map<string, TokenBucketLimiter>();

  constructor(clock?: Clock) {
    this.#clock = clock;
  }

  begin(): void {
    for (const [identity, limiter] of this.#current) this.#previous.set(identity, limiter);
    this.#current = new Map();
  }

  end(): void {
    this.#previous = new Map();
  }

  /** The same route and the same numbers find the same buckets. */
  get(route: string, limit: RateLimit): TokenBucketLimiter {
    const { replenishRate, burstCapacity, requestedTokens, key } = limit;
    const identity = JSON.stringify([route, replenishRate, burstCapacity, requestedTokens, key]);
    let limiter = this.#current.get(identity) ?? this.#previous.get(identity);
    limiter ??= new TokenBucketLimiter({ replenishRate, burstCapacity, ...(this.#clock && { clock: this.#clock }) });
    this.#current.set(identity, limiter);
    return limiter;
  }
}
