import type { Clock } from '#kernel';
import type { InstanceInfo } from './instance-info.ts';

/** Why a lease that has run out is kept. */
export interface Hold {
  readonly reason: string;
  /** Epoch ms. */
  readonly since: number;
  /** The same moment on the monotonic scale, ms. */
  readonly sinceMonotonic: number;
}

export interface LeaseTerms {
  readonly durationMs: number;
  /** 1: gone when `durationMs` have passed since the last renewal. 2: after a renewal, twice that, as Netflix Eureka does. */
  readonly expiryFactor: 1 | 2;
}

/** One instance and the time it has left. Spans are monotonic; epoch times are for the wire only. */
export class Lease {
  /** Replaced, never changed in place. */
  info: InstanceInfo;
  readonly durationMs: number;
  registeredAt: number;
  /** Epoch ms as published. With an expiry factor of 2 the duration is already added, as the reference shows it. */
  lastRenewalAt: number;
  /** Epoch ms; 0 while the lease is in force. */
  evictedAt = 0;
  /** Epoch ms of the first time it was UP; 0 before. */
  serviceUpAt: number;
  /** Monotonic ms at which it runs out. */
  deadline: number;
  /** Monotonic ms of the last sign of life. */
  lastSeen: number;
  /** Between the last two signs of life, ms: some clients promise one rhythm and keep another. */
  observedGapMs = 0;
  held: Hold | undefined;

  readonly #clock: Clock;
  readonly #expiryFactor: 1 | 2;

  constructor(info: InstanceInfo, terms: LeaseTerms, clock: Clock, serviceUpAt = 0) {
    this.#clock = clock;
    this.#expiryFactor = terms.expiryFactor;
    this.info = info;
    this.durationMs = terms.durationMs;
    this.registeredAt = clock.now();
    this.lastRenewalAt = this.registeredAt;
    this.lastSeen = clock.monotonic();
    this.deadline = this.lastSeen + terms.durationMs;
    this.serviceUpAt = serviceUpAt > 0 || info.status !== 'UP' ? serviceUpAt : this.registeredAt;
  }

  /** Takes up a lease that an earlier process gave; `remainingMs` may be more than the duration. */
  static resume(info: InstanceInfo, terms: LeaseTerms, clock: Clock, past: LeasePast): Lease {
    const lease = new Lease(info, terms, clock, past.serviceUpAt);
    lease.registeredAt = past.registeredAt;
    lease.lastRenewalAt = past.lastRenewalAt;
    lease.deadline = lease.lastSeen + past.remainingMs;
    return lease;
  }

  get key(): string {
    return leaseKey(this.info.app, this.info.id);
  }

  /** Epoch ms at which it runs out if nobody renews it, by the wall clock of now. */
  get expiresAt(): number {
    return Math.round(this.#clock.now() + this.deadline - this.#clock.monotonic());
  }

  isDue(monotonic: number): boolean {
    return this.deadline <= monotonic;
  }

  renew(): void {
    const monotonic = this.#clock.monotonic();
    const extra = (this.#expiryFactor - 1) * this.durationMs;
    this.observedGapMs = monotonic - this.lastSeen;
    this.lastSeen = monotonic;
    this.deadline = monotonic + this.durationMs + extra;
    this.lastRenewalAt = this.#clock.now() + extra;
    this.held = undefined;
  }

  /** A renewal is overdue by half its rhythm, measured or promised, whichever is slower. */
  isMissing(monotonic: number): boolean {
    if (this.isDue(monotonic)) return true;
    const rhythm = Math.max(this.info.renewalIntervalMs, this.observedGapMs);
    return monotonic - this.lastSeen > 1.5 * rhythm;
  }
}

/** The times of a lease that outlive a process. */
export interface LeasePast {
  readonly registeredAt: number;
  readonly lastRenewalAt: number;
  readonly serviceUpAt: number;
  readonly remainingMs: number;
}

/** Unique over the registry: ids alone may repeat between services. */
export function leaseKey(app: string, id: string): string {
  return `${app}/${id}`;
}
