import { type Clock, systemClock } from '#kernel';
import { leaseKey, type LeaseStore, type LeaseStoreState, type StoredLease, type StoredLeases } from '#registry';

/** Keeps leases as long as the process lives: for tests, and for registries that are told to forget. */
export class MemoryLeaseStore implements LeaseStore {
  readonly engine: string = 'memory';
  readonly state: LeaseStoreState = { state: 'ok' };
  readonly #clock: Clock;
  readonly #leases = new Map<string, StoredLease>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  open(): Promise<StoredLeases> {
    return Promise.resolve({ leases: [...this.#leases.values()], savedAt: this.#clock.now() });
  }

  put(lease: StoredLease): void {
    this.#leases.set(leaseKey(lease.info.app, lease.info.id), lease);
  }

  renew(app: string, id: string, lastRenewalAt: number, expiresAt: number): void {
    const key = leaseKey(app, id);
    const lease = this.#leases.get(key);
    if (lease !== undefined) this.#leases.set(key, { ...lease, lastRenewalAt, expiresAt });
  }

  remove(app: string, id: string): void {
    this.#leases.delete(leaseKey(app, id));
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
