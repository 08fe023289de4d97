export { SnapshotLeaseStore, type SnapshotOptions } from './snapshot-lease-store.ts';
