import { join } from 'node:path';
import { type CancelTimer, type Clock, type Problem, systemClock } from '#kernel';
import { leaseKey, type LeaseStore, type LeaseStoreState, type StoredLease, type StoredLeases } from '#registry';
import { readIfPresent, replaceFile } from './snapshot-files.ts';
import { decodeSnapshot, leaseText, snapshotLine, snapshotPieces } from './snapshot-format.ts';

export interface SnapshotOptions {
  /** Folder of `leases.snapshot` and `leases.snapshot.previous`; made when missing. */
  readonly folder: string;
  /** Longest time a change waits for the disk, ms. */
  readonly delayMs?: number;
  /** Renewals alone are worth a write only this often, ms: they change nothing but how much time a lease has left. */
  readonly renewalDelayMs?: number;
  readonly clock?: Clock;
  /** Told when the disk begins or ceases to fail. */
  readonly onState?: (state: LeaseStoreState) => void;
}

interface Entry {
  readonly lease: StoredLease;
  /** `leaseText`, made when it is first written. */
  text: string | undefined;
  lastRenewalAt: number;
  expiresAt: number;
}

/** Leases in memory with a copy on disk: `kill -9` at any moment loses at most the last second. */
export class SnapshotLeaseStore implements LeaseStore {
  readonly engine: string = 'memory';
  readonly #clock: Clock;
  readonly #path: string;
  readonly #previous: string;
  readonly #delayMs: number;
  readonly #renewalDelayMs: number;
  readonly #onState: ((state: LeaseStoreState) => void) | undefined;
  readonly #leases = new Map<string, Entry>();
  #state: LeaseStoreState = { state: 'ok' };
  #dirty = false;
  #writeAt = Infinity;
  #cancelTimer: CancelTimer | undefined;
  #writing: Promise<void> | undefined;
  #closed = false;

  constructor(options: SnapshotOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#path = join(options.folder, 'leases.snapshot');
    this.#previous = `${this.#path}.previous`;
    this.#delayMs = options.delayMs ?? 500;
    this.#renewalDelayMs = options.renewalDelayMs ?? 15_000;
    this.#onState = options.onState;
  }

  get state(): LeaseStoreState {
    return this.#state;
  }

  async open(): Promise<StoredLeases> {
    const faults: string[] = [];
    for (const path of [this.#path, this.#previous]) {
      const stored = await this.#read(path, faults);
      if (stored === undefined) continue;
      for (const lease of stored.leases) this.#keep(lease);
      if (faults.length > 0) this.#fail('snapshot-torn', `${faults.join('; ')}; took the one before it`);
      return stored;
    }
    if (faults.length > 0) this.#fail('snapshot-torn', `${faults.join('; ')}; started with no instances`);
    return { leases: [], savedAt: this.#clock.now() };
  }

  put(lease: StoredLease): void {
    this.#keep(lease);
    this.#plan(this.#delayMs);
  }

  renew(app: string, id: string, lastRenewalAt: number, expiresAt: number): void {
    const entry = this.#leases.get(leaseKey(app, id));
    if (entry === undefined) return;
    entry.lastRenewalAt = lastRenewalAt;
    entry.expiresAt = expiresAt;
    this.#plan(this.#renewalDelayMs);
  }

  remove(app: string, id: string): void {
    if (this.#leases.delete(leaseKey(app, id))) this.#plan(this.#delayMs);
  }

  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    if (this.#dirty) await this.#write();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelTimer?.();
    await this.flush();
  }

  #keep(lease: StoredLease): void {
    const { info, lastRenewalAt, expiresAt } = lease;
    this.#leases.set(leaseKey(info.app, info.id), { lease, text: undefined, lastRenewalAt, expiresAt });
  }

  /** Read while the file is written: what changes meanwhile makes the store dirty again. */
  *#lines(): Generator<string> {
    for (const entry of this.#leases.values()) {
      entry.text ??= leaseText(entry.lease);
      yield snapshotLine(entry.lastRenewalAt, entry.expiresAt, entry.text);
    }
  }

  async #read(path: string, faults: string[]): Promise<StoredLeases | undefined> {
    try {
      const text = await readIfPresent(path);
      if (text === undefined) return undefined;
      const decoded = decodeSnapshot(text);
      if (decoded.ok) return decoded.stored;
      faults.push(`${path} was not used: ${decoded.fault}`);
    } catch (error) {
      faults.push(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    return undefined;
  }

  #plan(delayMs: number): void {
    this.#dirty = true;
    const at = this.#clock.monotonic() + delayMs;
    if (this.#closed || this.#writing !== undefined || at >= this.#writeAt) return;
    this.#cancelTimer?.();
    this.#writeAt = at;
    this.#cancelTimer = this.#clock.schedule(delayMs, () => void this.#write());
  }

  #write(): Promise<void> {
    this.#cancelTimer?.();
    this.#writeAt = Infinity;
    this.#dirty = false;
    this.#writing = replaceFile(this.#path, this.#previous, snapshotPieces(this.#lines(), this.#clock.now()))
      .then(
        () => this.#settle({ state: 'ok' }),
        (error: Error) => {
          this.#fail('snapshot-not-written', `the registry's snapshot cannot be written: ${error.message}`);
          this.#dirty = true;
        },
      )
      .finally(() => {
        this.#writing = undefined;
        if (this.#dirty) this.#plan(this.#state.state === 'ok' ? this.#delayMs : 5_000);
      });
    return this.#writing;
  }

  #fail(code: string, message: string): void {
    const remedy =
      code === 'snapshot-torn'
        ? 'nothing to do: instances that are alive will register again'
        : `free some space and see that ${this.#path} may be written; until then a restart forgets the latest changes`;
    const problem: Problem = { severity: 'warning', code, message, remedy, location: { file: this.#path } };
    this.#settle({ state: 'degraded', problem });
  }

  #settle(state: LeaseStoreState): void {
    const moved = state.state !== this.#state.state;
    this.#state = state;
    if (moved) this.#onState?.(state);
  }
}
