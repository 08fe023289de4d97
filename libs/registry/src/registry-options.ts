/** How a registry behaves. The names of the Spring keys stand in `apps/registry`. */
export interface RegistryOptions {
  /** 1: leases end exactly when their duration has passed; 2: what Netflix Eureka does after a renewal. */
  readonly expiryFactor: 1 | 2;
  /** 0: a lease leaves when it runs out. Otherwise leases leave at ticks of this length only, ms, as the reference does. */
  readonly evictionIntervalMs: number;
  readonly selfPreservation: boolean;
  readonly renewalPercentThreshold: number;
  readonly selfPreservationMinimum: number;
  readonly selfPreservationLimitMs: number;
  /** How long `apps/delta` remembers a change, ms. */
  readonly deltaRetentionMs: number;
  /** A heartbeat with another lastDirtyTimestamp is answered with a conflict. */
  readonly syncWhenTimestampDiffers: boolean;
  /** Changes kept for stream clients that come back. */
  readonly changeLogSize: number;
}

export const DEFAULT_REGISTRY_OPTIONS: RegistryOptions = {
  expiryFactor: 1,
  evictionIntervalMs: 0,
  selfPreservation: true,
  renewalPercentThreshold: 0.85,
  selfPreservationMinimum: 5,
  selfPreservationLimitMs: 900_000,
  deltaRetentionMs: 180_000,
  syncWhenTimestampDiffers: true,
  changeLogSize: 10_000,
};
