export {
  ChangeFeed,
  type ChangeCause,
  type ChangeListener,
  type ChangeType,
  type RegistryChange,
} from './change-feed.ts';
export {
  DEFAULT_DURATION_MS,
  DEFAULT_RENEWAL_INTERVAL_MS,
  weightOf,
  zoneOf,
  type ActionType,
  type DataCenter,
  type InstanceInfo,
  type InstancePort,
} from './instance-info.ts';
export { Lease, leaseKey, type Hold, type LeasePast, type LeaseTerms } from './lease.ts';
export { LeaseRegistry, type RegisterOptions, type RenewOptions, type RenewOutcome } from './lease-registry.ts';
export type { LeaseStore, LeaseStoreState, StoredLease, StoredLeases } from './lease-store.ts';
export { type RegistryOptions } from './registry-options.ts';
export { INSTANCE_STATUSES, isInstanceStatus } from './status-rules.ts';
