import type { CancelTimer, Clock } from '#kernel';
import { ExpiryQueue } from './expiry-queue.ts';
import type { LeaseTable } from './lease-table.ts';
import type { Lease } from './lease.ts';
import type { Census, SelfPreservation } from './self-preservation.ts';

/** Leases that run out close together are judged together, so that a mass expiry costs one census per step. */
const STEP_MS = 20;
/** How often held leases are judged again. */
const REVIEW_MS = 1_000;
/** Timers of Node.js fire at once when told to wait longer than 2^31 ms. */
const MAX_SLEEP_MS = 86_400_000;
/** A timer later than this means that the process stood still, and so did the renewals in its sockets. */
const STALL_MS = 1_000;

export interface ExpiryEvents {
  expired(lease: Lease): void;
  held(lease: Lease): void;
}

/** Ends leases on time, or keeps them where self-preservation says so. */
export class Expiry {
  readonly #clock: Clock;
  readonly #table: LeaseTable;
  readonly #guard: SelfPreservation;
  readonly #events: ExpiryEvents;
  readonly #intervalMs: number;
  readonly #queue = new ExpiryQueue();
  readonly #held = new Set<Lease>();
  #cancelTimer: CancelTimer | undefined;
  #wakeAt = Infinity;
  #notBefore = 0;
  #closed = false;

  constructor(clock: Clock, table: LeaseTable, guard: SelfPreservation, intervalMs: number, events: ExpiryEvents) {
    this.#clock = clock;
    this.#table = table;
    this.#guard = guard;
    this.#intervalMs = intervalMs;
    this.#events = events;
  }

  /** Leases kept although they have run out. */
  get held(): ReadonlySet<Lease> {
    return this.#held;
  }

  get census(): Census {
    return this.#guard.census(this.#table.leases(), this.#clock.monotonic());
  }

  /** A new lease, or one whose hold ended by a renewal. */
  watch(lease: Lease): void {
    this.#held.delete(lease);
    this.#queue.push(lease);
    this.#plan();
  }

  forget(lease: Lease): void {
    this.#held.delete(lease);
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
  }

  #plan(): void {
    if (this.#closed || (this.#queue.nextDue === undefined && this.#held.size === 0)) return;
    const now = this.#clock.monotonic();
    let next = this.#queue.nextDue ?? Infinity;
    if (this.#intervalMs > 0) next = Math.ceil(Math.max(next, now + 1) / this.#intervalMs) * this.#intervalMs;
    if (this.#held.size > 0) next = Math.min(next, now + REVIEW_MS);
    next = Math.min(Math.max(next, this.#notBefore), now + MAX_SLEEP_MS);
    if (next >= this.#wakeAt) return;
    this.#cancelTimer?.();
    this.#wakeAt = next;
    this.#cancelTimer = this.#clock.schedule(Math.max(0, Math.ceil(next - now)), () => this.#wake());
  }

  #wake(): void {
    const now = this.#clock.monotonic();
    const stalledMs = now - this.#wakeAt;
    this.#wakeAt = Infinity;
    const due = this.#queue.takeDue(now, (lease) => this.#isCurrent(lease));
    if (stalledMs > STALL_MS) {
      for (const lease of due.splice(0)) {
        lease.deadline = now + Math.min(stalledMs, lease.durationMs);
        this.#queue.push(lease);
      }
    }
    if (due.length > 0 || this.#held.size > 0) this.#judge(due, now);
    this.#notBefore = now + STEP_MS;
    this.#plan();
  }

  #judge(due: readonly Lease[], now: number): void {
    const census = this.#guard.census(this.#table.leases(), now);
    for (const lease of [...this.#held, ...due]) {
      if (!this.#guard.keeps(lease, census, now)) {
        this.#held.delete(lease);
        this.#events.expired(lease);
      } else if (lease.held === undefined) {
        lease.held = { reason: census.reason, since: this.#clock.now(), sinceMonotonic: now };
        this.#held.add(lease);
        this.#events.held(lease);
      }
    }
  }

  #isCurrent(lease: Lease): boolean {
    return lease.held === undefined && this.#table.get(lease.info.app, lease.info.id) === lease;
  }
}
