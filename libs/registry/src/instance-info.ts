import type { InstanceStatus } from '#kernel';

/** The last thing that happened to an instance, in the words Eureka clients read. */
export type ActionType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface InstancePort {
  readonly number: number;
  readonly enabled: boolean;
}

/** Where an instance runs. Only `Amazon` carries metadata of its own. */
export interface DataCenter {
  readonly name: 'MyOwn' | 'Netflix' | 'Amazon';
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/**
 * What a service says about one of its instances, and what the registry made of it. Immutable: a change is a new object.
 * The fields are those of Eureka's InstanceInfo, the widest of the protocols spoken; lease times stand in `Lease`.
 */
export interface InstanceInfo {
  /** What the registry files it under: `instanceId`, else the Amazon instance id, else `hostName`. Case-sensitive. */
  readonly id: string;
  /** As the client sent it; several clients send none. */
  readonly instanceId?: string | undefined;
  /** Name of the service in upper case. */
  readonly app: string;
  readonly appGroupName?: string | undefined;
  readonly hostName: string;
  readonly ipAddr: string;
  readonly sid?: string | undefined;
  readonly status: InstanceStatus;
  readonly overriddenStatus: InstanceStatus;
  readonly port: InstancePort;
  readonly securePort: InstancePort;
  readonly countryId: number;
  readonly dataCenter: DataCenter;
  readonly metadata: Readonly<Record<string, string>>;
  readonly homePageUrl?: string | undefined;
  readonly statusPageUrl?: string | undefined;
  readonly healthCheckUrl?: string | undefined;
  readonly secureHealthCheckUrl?: string | undefined;
  /** Comma-separated list of virtual addresses. */
  readonly vipAddress?: string | undefined;
  readonly secureVipAddress?: string | undefined;
  readonly asgName?: string | undefined;
  /** How often the client promises to renew, ms. */
  readonly renewalIntervalMs: number;
  /** How long the registry believes in it after its last renewal, ms. */
  readonly durationMs: number;
  /** When the client last changed it, epoch ms of the client's clock: the newer of two registrations wins. */
  readonly lastDirtyAt: number;
  /** When the registry last changed it, epoch ms. */
  readonly lastUpdatedAt: number;
  readonly actionType: ActionType;
  /** Which protocol it registered by. */
  readonly protocol: 'eureka' | 'json';
}

/** Reference defaults of a lease: com.netflix.appinfo.LeaseInfo. */
export const DEFAULT_RENEWAL_INTERVAL_MS = 30_000;
export const DEFAULT_DURATION_MS = 90_000;

/** Relative weight from `metadata.weight`; 1 where it is absent or no number of 0 or more. */
export function weightOf(info: InstanceInfo): number {
  const text = info.metadata['weight'];
  if (text === undefined || text.trim() === '') return 1;
  const weight = Number(text);
  return Number.isFinite(weight) && weight >= 0 ? weight : 1;
}

/** Zone from `metadata.zone` (Spring's key), else the availability zone of Amazon. */
export function zoneOf(info: InstanceInfo): string | undefined {
  return info.metadata['zone'] ?? info.dataCenter.metadata?.['availability-zone'];
}
