import type { CancelTimer, Clock } from '#kernel';
import type { InstanceView } from '#protocols/registry-api';

/** An instance that a registry which restarted does not know yet. */
export interface KeptInstance {
  readonly instance: InstanceView;
  /** When it goes unless the registry tells of it, epoch ms. */
  readonly until: number;
  /** For people. */
  readonly reason: string;
}

interface Entry extends KeptInstance {
  readonly deadline: number;
}

/**
 * Gives instances that a restarted registry has lost the time to register again: what their lease had left and its
 * duration once more, which is what the registry gives to those that it remembers.
 */
export class KeptInstances {
  readonly #clock: Clock;
  readonly #onDue: (instances: readonly InstanceView[]) => void;
  readonly #entries = new Map<string, Entry>();
  readonly #byAddress = new Map<string, InstanceView>();
  #wakeAt = Infinity;
  #cancelTimer: CancelTimer | undefined;

  constructor(clock: Clock, onDue: (instances: readonly InstanceView[]) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  get list(): readonly KeptInstance[] {
    return [...this.#entries.values()].map(({ instance, until, reason }) => ({ instance, until, reason }));
  }

  keep(instance: InstanceView): void {
    const now = this.#clock.now();
    // Renewals are not told, and the registry's wall clock may be another: neither makes it less than nothing or more than once.
    const left = Math.min(Math.max(0, instance.expiresAt - now), instance.ttlMs);
    const stay = left + instance.ttlMs;
    const until = now + stay;
    const reason = `kept until ${new Date(until).toISOString()}: not yet known to the restarted registry`;
    const entry = { instance, until, reason, deadline: this.#clock.monotonic() + stay };
    this.#entries.set(keyOf(instance), entry);
    this.#byAddress.set(addressOf(instance), instance);
    this.#wakeBy(entry.deadline);
  }

  /** The registry has spoken of it. */
  forget(instance: InstanceView): void {
    const kept = this.#entries.get(keyOf(instance))?.instance;
    if (kept === undefined) return;
    this.#entries.delete(keyOf(instance));
    if (this.#byAddress.get(addressOf(kept)) === kept) this.#byAddress.delete(addressOf(kept));
  }

  /** What is kept at the address of an instance: the same one, maybe under a former id. */
  atAddressOf(instance: InstanceView): InstanceView | undefined {
    return this.#byAddress.get(addressOf(instance));
  }

  clear(): void {
    this.#entries.clear();
    this.#byAddress.clear();
    this.#cancelTimer?.();
  }

  #wakeBy(deadline: number): void {
    if (deadline >= this.#wakeAt) return;
    this.#cancelTimer?.();
    this.#wakeAt = deadline;
    this.#cancelTimer = this.#clock.schedule(Math.max(0, deadline - this.#clock.monotonic()), () => this.#wake());
  }

  #wake(): void {
    const now = this.#clock.monotonic();
    const due: InstanceView[] = [];
    let next = Infinity;
    for (const { instance, deadline } of this.#entries.values()) {
      if (deadline <= now) due.push(instance);
      else next = Math.min(next, deadline);
    }
    for (const instance of due) this.forget(instance);
    this.#wakeAt = Infinity;
    if (next < Infinity) this.#wakeBy(next);
    if (due.length > 0) this.#onDue(due);
  }
}

function keyOf({ service, id }: InstanceView): string {
  return `${service.toLowerCase()}\0${id}`;
}

export function addressOf({ service, host, port }: InstanceView): string {
  return `${service.toLowerCase()}\0${host}:${port}`;
}
