import type { Clock, InstanceStatus } from '#kernel';
import { ChangeFeed, type ChangeCause, type ChangeType } from './change-feed.ts';
import { DeltaLog } from './delta-log.ts';
import { Expiry } from './expiry.ts';
import type { InstanceInfo } from './instance-info.ts';
import type { LeaseStore, StoredLease, StoredLeases } from './lease-store.ts';
import { LeaseTable } from './lease-table.ts';
import { Lease, leaseKey } from './lease.ts';
import { DEFAULT_REGISTRY_OPTIONS, type RegistryOptions } from './registry-options.ts';
import { SelfPreservation, type Census } from './self-preservation.ts';
import { resolveStatus } from './status-rules.ts';

export interface RegisterOptions {
  /** The sender's status counts more than that of the lease in force: peers, and people who say what they mean. */
  readonly believeStatus?: boolean;
}

export interface RenewOptions {
  /** What the sender holds to be the last change of the instance, epoch ms. */
  readonly lastDirtyAt?: number | undefined;
  readonly replication?: boolean;
  /** Override known to a peer; taken over when the peer's copy is newer. */
  readonly overriddenStatus?: InstanceStatus | undefined;
}

/** `unknown`: register again. `outdated`: ours is older than the sender's. `conflict`: a peer's is older than ours. */
export type RenewOutcome = 'renewed' | 'unknown' | 'outdated' | 'conflict';

/**
 * Who is there. All commands take effect at once, in memory; the change feed, the delta log, the store and the expiry of
 * leases follow from them. Knows no protocol.
 */
export class LeaseRegistry {
  readonly changes: ChangeFeed;
  readonly delta: DeltaLog;
  readonly options: RegistryOptions;
  readonly #clock: Clock;
  readonly #table = new LeaseTable();
  readonly #overrides = new Map<string, InstanceStatus>();
  readonly #expiry: Expiry;
  readonly #store: LeaseStore | undefined;

  constructor(clock: Clock, options: Partial<RegistryOptions> = {}, store?: LeaseStore) {
    this.options = { ...DEFAULT_REGISTRY_OPTIONS, ...options };
    this.#clock = clock;
    this.#store = store;
    this.changes = new ChangeFeed(clock.now(), this.options.changeLogSize);
    this.delta = new DeltaLog(clock, this.options.deltaRetentionMs);
    const guard = new SelfPreservation({
      enabled: this.options.selfPreservation,
      renewalPercentThreshold: this.options.renewalPercentThreshold,
      minimumMissing: this.options.selfPreservationMinimum,
      holdLimitMs: this.options.selfPreservationLimitMs,
    });
    this.#expiry = new Expiry(clock, this.#table, guard, this.options.evictionIntervalMs, {
      expired: (lease) => this.#end(lease, 'expired'),
      held: (lease) => void this.changes.append('modified', 'held', lease),
    });
  }

  get size(): number {
    return this.#table.size;
  }

  get heldLeases(): ReadonlySet<Lease> {
    return this.#expiry.held;
  }

  /** Renewal health of the whole registry, counted now: one pass over all leases. */
  get census(): Census {
    return this.#expiry.census;
  }

  /** Service name in upper case → id → lease, those that ran out and are still listed included. */
  apps(): ReadonlyMap<string, ReadonlyMap<string, Lease>> {
    return this.#table.apps();
  }

  app(name: string): ReadonlyMap<string, Lease> | undefined {
    return this.#table.app(name.toUpperCase());
  }

  leases(): IterableIterator<Lease> {
    return this.#table.leases();
  }

  hash(): string {
    return this.#table.hash();
  }

  /** A lease in force. One that has run out is hidden from the moment it does, unless self-preservation holds it. */
  find(app: string, id: string): Lease | undefined {
    const lease = this.#table.get(app.toUpperCase(), id);
    return lease !== undefined && this.#inForce(lease) ? lease : undefined;
  }

  /** The first lease with this id, whatever its service. */
  findById(id: string): Lease | undefined {
    for (const instances of this.#table.apps().values()) {
      const lease = instances.get(id);
      if (lease !== undefined && this.#inForce(lease)) return lease;
    }
    return undefined;
  }

  register(info: InstanceInfo, { believeStatus = false }: RegisterOptions = {}): Lease {
    const key = leaseKey(info.app, info.id);
    const existing = this.#table.get(info.app, info.id);
    // An older registration than ours renews the lease but tells nothing new.
    const content = existing !== undefined && existing.info.lastDirtyAt > info.lastDirtyAt ? existing.info : info;
    if (content.overriddenStatus !== 'UNKNOWN' && !this.#overrides.has(key)) {
      this.#overrides.set(key, content.overriddenStatus);
    }
    const override = this.#overrides.get(key);
    const status = resolveStatus({
      incoming: content.status,
      override,
      existing: believeStatus ? undefined : existing?.info.status,
    });
    const overriddenStatus = override ?? content.overriddenStatus;
    const stored: InstanceInfo = { ...content, status, overriddenStatus, ...this.#stamp('ADDED') };
    const terms = { durationMs: info.durationMs, expiryFactor: this.options.expiryFactor };
    const lease = new Lease(stored, terms, this.#clock, existing?.serviceUpAt);
    if (existing !== undefined) this.#expiry.forget(existing);
    this.#table.put(lease);
    this.#expiry.watch(lease);
    this.#changed(existing ? 'modified' : 'added', existing ? 'reregistered' : 'registered', lease);
    return lease;
  }

  renew(app: string, id: string, options: RenewOptions = {}): RenewOutcome {
    const lease = this.#table.get(app.toUpperCase(), id);
    if (lease === undefined) return 'unknown';
    const override = this.#overrides.get(lease.key);
    const status = resolveStatus({
      incoming: lease.info.status,
      override,
      existing: options.replication === true ? undefined : lease.info.status,
    });
    // An instance without a status cannot renew: the refusal makes its client register again and tell.
    if (status === 'UNKNOWN') return 'unknown';
    this.#touch(lease);
    if (status !== lease.info.status) {
      this.#table.update(lease, { ...lease.info, status, lastUpdatedAt: this.#clock.now() });
      this.#changed('modified', 'status', lease);
    }
    return this.#compareDirty(lease, options);
  }

  /** False when there is no such lease. */
  cancel(app: string, id: string): boolean {
    const lease = this.#table.get(app.toUpperCase(), id);
    if (lease === undefined) return false;
    this.#end(lease, 'cancelled');
    return true;
  }

  /**
   * Overrides the status until the override is deleted or the lease ends. A status equal to the present one is no
   * override: the reference stores none either. Undefined when there is no such lease.
   */
  setStatus(app: string, id: string, status: InstanceStatus, lastDirtyAt?: number): Lease | undefined {
    const lease = this.find(app, id);
    if (lease === undefined) return undefined;
    this.#touch(lease);
    if (lease.info.status === status) return lease;
    this.#overrides.set(lease.key, status);
    this.#restate(lease, { status, overriddenStatus: status }, lastDirtyAt);
    return lease;
  }

  /** Without `status` the instance becomes UNKNOWN, is refused its next renewal, and registers as what it is. */
  deleteStatusOverride(app: string, id: string, status?: InstanceStatus, lastDirtyAt?: number): Lease | undefined {
    const lease = this.find(app, id);
    if (lease === undefined) return undefined;
    this.#touch(lease);
    if (!this.#overrides.delete(lease.key)) return lease;
    this.#restate(lease, { status: status ?? 'UNKNOWN', overriddenStatus: 'UNKNOWN' }, lastDirtyAt);
    return lease;
  }

  /** Adds to the metadata and registers the instance anew, as the reference does; lost when the client registers again. */
  mergeMetadata(app: string, id: string, metadata: Readonly<Record<string, string>>): Lease | undefined {
    const lease = this.find(app, id);
    if (lease === undefined) return undefined;
    return this.register({ ...lease.info, metadata: { ...lease.info.metadata, ...metadata } });
  }

  /**
   * Takes up what a store kept. Every lease gets what it had left and its duration once more: its client could not renew
   * while the registry was away. Answers how many.
   */
  restore({ leases, savedAt }: StoredLeases): number {
    for (const stored of leases) {
      const { info } = stored;
      const left = Math.min(Math.max(0, stored.expiresAt - savedAt), info.durationMs);
      const terms = { durationMs: info.durationMs, expiryFactor: this.options.expiryFactor };
      const lease = Lease.resume(info, terms, this.#clock, { ...stored, remainingMs: left + info.durationMs });
      if (stored.override !== undefined) this.#overrides.set(lease.key, stored.override);
      this.#table.put(lease);
      this.#expiry.watch(lease);
      this.#changed('added', 'restored', lease);
    }
    return leases.length;
  }

  /** Stops all timers; commands after it are still answered, but nothing expires any more. */
  close(): void {
    this.#expiry.close();
  }

  #inForce(lease: Lease): boolean {
    return lease.held !== undefined || !lease.isDue(this.#clock.monotonic());
  }

  #touch(lease: Lease): void {
    const held = lease.held !== undefined;
    lease.renew();
    if (held) {
      this.#expiry.watch(lease);
      this.changes.append('modified', 'released', lease);
    }
    this.#store?.renew(lease.info.app, lease.info.id, lease.lastRenewalAt, lease.expiresAt);
  }

  #compareDirty(lease: Lease, options: RenewOptions): RenewOutcome {
    const { lastDirtyAt, replication, overriddenStatus } = options;
    if (lastDirtyAt === undefined || !this.options.syncWhenTimestampDiffers) return 'renewed';
    if (lastDirtyAt < lease.info.lastDirtyAt) return replication === true ? 'conflict' : 'renewed';
    if (lastDirtyAt === lease.info.lastDirtyAt) return 'renewed';
    const taken = replication === true && overriddenStatus !== undefined && overriddenStatus !== 'UNKNOWN';
    if (taken && this.#overrides.get(lease.key) !== overriddenStatus) {
      this.#overrides.set(lease.key, overriddenStatus);
      this.#table.update(lease, { ...lease.info, overriddenStatus });
      this.#changed('modified', 'status', lease);
    }
    return 'outdated';
  }

  #restate(
    lease: Lease,
    change: Pick<InstanceInfo, 'status' | 'overriddenStatus'>,
    lastDirtyAt: number | undefined,
  ): void {
    const dirty = Math.max(lease.info.lastDirtyAt, lastDirtyAt ?? 0);
    if (change.status === 'UP' && lease.serviceUpAt === 0) lease.serviceUpAt = this.#clock.now();
    this.#table.update(lease, { ...lease.info, ...change, lastDirtyAt: dirty, ...this.#stamp('MODIFIED') });
    this.#changed('modified', 'status', lease);
  }

  #end(lease: Lease, cause: 'cancelled' | 'expired'): void {
    this.#expiry.forget(lease);
    this.#overrides.delete(lease.key);
    this.#table.remove(lease);
    lease.evictedAt = this.#clock.now();
    lease.info = { ...lease.info, ...this.#stamp('DELETED') };
    this.#changed('removed', cause, lease);
  }

  #stamp(actionType: InstanceInfo['actionType']): Pick<InstanceInfo, 'actionType' | 'lastUpdatedAt'> {
    return { actionType, lastUpdatedAt: this.#clock.now() };
  }

  #changed(type: ChangeType, cause: ChangeCause, lease: Lease): void {
    this.delta.append(lease);
    if (cause !== 'restored') {
      if (type === 'removed') this.#store?.remove(lease.info.app, lease.info.id);
      else this.#store?.put(this.#toStored(lease));
    }
    this.changes.append(type, cause, lease);
  }

  #toStored(lease: Lease): StoredLease {
    const { info, registeredAt, serviceUpAt, lastRenewalAt, expiresAt } = lease;
    return { info, registeredAt, serviceUpAt, lastRenewalAt, expiresAt, override: this.#overrides.get(lease.key) };
  }
}
