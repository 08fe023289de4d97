import type { Clock } from '#kernel';
import type { Lease } from './lease.ts';

interface Entry {
  readonly lease: Lease;
  /** Monotonic ms. */
  readonly at: number;
}

/** The changes of the last minutes, as Eureka clients poll them. Applied to any copy as old as that, they make it current. */
export class DeltaLog {
  readonly #clock: Clock;
  readonly #retentionMs: number;
  #entries: Entry[] = [];
  /** Entries before it are pruned; the array is cut only when half of it is. */
  #head = 0;
  #moves = 0;

  constructor(clock: Clock, retentionMs: number) {
    this.#clock = clock;
    this.#retentionMs = retentionMs;
  }

  append(lease: Lease): void {
    this.#prune();
    this.#moves += 1;
    this.#entries.push({ lease, at: this.#clock.monotonic() });
  }

  /** Moves whenever `leases` may answer something else than before. */
  get revision(): number {
    this.#prune();
    return this.#moves;
  }

  /** One lease per instance, in the order of the last change of each. A lease shows its present state. */
  leases(): readonly Lease[] {
    this.#prune();
    const latest = new Map<string, Lease>();
    for (let i = this.#head; i < this.#entries.length; i++) {
      const lease = this.#entries[i]?.lease;
      if (lease === undefined) continue;
      latest.delete(lease.key);
      latest.set(lease.key, lease);
    }
    return [...latest.values()];
  }

  #prune(): void {
    const oldest = this.#clock.monotonic() - this.#retentionMs;
    for (let entry = this.#entries[this.#head]; entry && entry.at < oldest; entry = this.#entries[this.#head]) {
      this.#head += 1;
      this.#moves += 1;
    }
    if (this.#head > 1_000 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
  }
}
