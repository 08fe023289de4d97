export { leaseStoreContract, type LeaseStoreHarness } from './lease-store.contract.ts';
export { storedLease } from './stored-lease.ts';
