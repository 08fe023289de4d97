export { MemoryLeaseStore } from './memory-lease-store.ts';
export { SnapshotLeaseStore, type SnapshotOptions } from './snapshot-lease-store.ts';
