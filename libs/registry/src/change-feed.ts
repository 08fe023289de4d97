import type { InstanceInfo } from './instance-info.ts';
import type { Lease } from './lease.ts';

export type ChangeType = 'added' | 'modified' | 'removed';

/** What brought a change about: the words of the audit log and of the timeline. */
export type ChangeCause =
  | 'registered'
  | 'reregistered'
  | 'renewed'
  | 'status'
  | 'metadata'
  | 'cancelled'
  | 'expired'
  | 'held'
  | 'released'
  | 'restored';

export interface RegistryChange {
  readonly index: number;
  readonly type: ChangeType;
  readonly cause: ChangeCause;
  readonly lease: Lease;
  /** The instance as it was after this change; `lease.info` may have moved on. */
  readonly info: InstanceInfo;
}

export type ChangeListener = (change: RegistryChange) => void;

/**
 * Every change with a growing index, the last `capacity` of them kept for those who come back. Heartbeats are no changes.
 * The first index is the start time in epoch ms, so that an index of an earlier process is never taken for one of this.
 */
export class ChangeFeed {
  readonly #capacity: number;
  readonly #listeners = new Set<ChangeListener>();
  #kept: RegistryChange[] = [];
  #index: number;
  /** Index before the first change: the start time in epoch ms, which names this run. */
  readonly startedAt: number;

  constructor(firstIndex: number, capacity: number) {
    this.startedAt = firstIndex;
    this.#index = firstIndex;
    this.#capacity = capacity;
  }

  /** Index of the last change. */
  get index(): number {
    return this.#index;
  }

  append(type: ChangeType, cause: ChangeCause, lease: Lease): RegistryChange {
    const change: RegistryChange = { index: ++this.#index, type, cause, lease, info: lease.info };
    this.#kept.push(change);
    if (this.#kept.length >= 2 * this.#capacity) this.#kept = this.#kept.slice(-this.#capacity);
    for (const listener of this.#listeners) listener(change);
    return change;
  }

  /** Changes after `index`, or undefined when some of them are no longer kept or `index` is not of this feed. */
  since(index: number): readonly RegistryChange[] | undefined {
    if (index === this.#index) return [];
    const first = this.#kept[0];
    if (first === undefined || index > this.#index || index < first.index - 1) return undefined;
    return this.#kept.slice(index - first.index + 1);
  }

  /** Listeners run inside the change: they must be quick and must not throw. Answers how to unsubscribe. */
  subscribe(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
