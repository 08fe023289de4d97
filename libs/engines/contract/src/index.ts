export { configSourceContract, type ConfigSourceHarness } from './config-source.contract.ts';
export { textsOf, told } from './config-source-texts.ts';
export { leaseStoreContract, type LeaseStoreHarness } from './lease-store.contract.ts';
export { storedLease } from './stored-lease.ts';
