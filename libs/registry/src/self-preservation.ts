import type { Lease } from './lease.ts';

export interface SelfPreservationOptions {
  readonly enabled: boolean;
  /** Share of the leases that must keep renewing; below it the missing ones are held. 0.85 as in the reference. */
  readonly renewalPercentThreshold: number;
  /** Fewer missing leases than this are taken for what they look like: instances that died. */
  readonly minimumMissing: number;
  /** After this long what is still missing is given up, as long as most of the others renew. */
  readonly holdLimitMs: number;
}

/** How many leases renew as they promised, at one moment. */
export interface Census {
  readonly total: number;
  readonly missing: number;
  /** Too many went silent together for it to be their own doing. */
  readonly protecting: boolean;
  /** Fit to be shown: `7 of 20 leases stopped renewing at once (limit 3)`. */
  readonly reason: string;
}

/**
 * Tells instances that died from a network that broke. Each lease is measured against its own interval, so the expectation
 * follows every registration and cancellation at once and needs no warm-up: the reference counts heartbeats per minute
 * against a global interval, and a small registry never expires anything there.
 */
export class SelfPreservation {
  readonly #options: SelfPreservationOptions;

  constructor(options: SelfPreservationOptions) {
    this.#options = options;
  }

  census(leases: Iterable<Lease>, monotonic: number): Census {
    let total = 0;
    let missing = 0;
    for (const lease of leases) {
      total += 1;
      if (lease.isMissing(monotonic)) missing += 1;
    }
    const limit = Math.floor(total * (1 - this.#options.renewalPercentThreshold) + 1e-9);
    const protecting = this.#options.enabled && missing >= this.#options.minimumMissing && missing > limit;
    const reason = `${missing} of ${total} leases stopped renewing at once (limit ${limit})`;
    return { total, missing, protecting, reason };
  }

  /** Whether a lease that has run out stays for now. */
  keeps(lease: Lease, census: Census, monotonic: number): boolean {
    if (!census.protecting) return false;
    if (lease.held === undefined) return true;
    const expired = monotonic - lease.held.sinceMonotonic >= this.#options.holdLimitMs;
    return !expired || census.missing * 2 > census.total;
  }
}
