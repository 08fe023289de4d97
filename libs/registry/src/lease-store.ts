import type { InstanceStatus, Problem } from '#kernel';
import type { InstanceInfo } from './instance-info.ts';

/** A lease as an engine keeps it: plain data. */
export interface StoredLease {
  readonly info: InstanceInfo;
  readonly registeredAt: number;
  readonly serviceUpAt: number;
  /** Epoch ms. */
  readonly lastRenewalAt: number;
  /** Epoch ms by the clock of the process that stored it. */
  readonly expiresAt: number;
  readonly override?: InstanceStatus | undefined;
}

/** What an engine had kept. */
export interface StoredLeases {
  readonly leases: readonly StoredLease[];
  /** Epoch ms at which this was true: what a lease had left is `expiresAt - savedAt`. */
  readonly savedAt: number;
}

export interface LeaseStoreState {
  /** `degraded`: the registry serves from memory and what it takes on now may be forgotten by a restart. */
  readonly state: 'ok' | 'degraded';
  readonly problem?: Problem | undefined;
}

/**
 * Port: where leases outlive the process. The registry decides and answers from memory; a store follows behind. None of
 * the writes may throw or block: an engine in trouble says so in `state` and keeps trying.
 */
export interface LeaseStore {
  /** `memory`, `redis`, `consul`. */
  readonly engine: string;
  readonly state: LeaseStoreState;
  /** Opens the engine and answers what it kept. A store that cannot be read is an empty one with a `degraded` state. */
  open(): Promise<StoredLeases>;
  put(lease: StoredLease): void;
  renew(app: string, id: string, lastRenewalAt: number, expiresAt: number): void;
  remove(app: string, id: string): void;
  /** Resolves when everything given so far is as safe as the engine can make it, or has failed visibly. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
