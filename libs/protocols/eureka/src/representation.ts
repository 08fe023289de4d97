import type { DataCenter, Lease } from '#registry';

export type Syntax = 'json' | 'xml';
export type Detail = 'full' | 'compact';

/** `<application>` with its leases, in the order in which they are written. */
export interface ApplicationContent {
  readonly name: string;
  readonly leases: readonly Lease[];
}

export interface ApplicationsContent {
  readonly applications: readonly ApplicationContent[];
  /** `versions__delta`. */
  readonly version: string;
  /** `apps__hashcode`. */
  readonly hash: string;
}

/** Writes leases in one syntax and detail. Forms are kept per instance: a list is joined, not built again. */
export interface Encoder {
  readonly contentType: string;
  instance(lease: Lease): string;
  application(content: ApplicationContent): string;
  applications(content: ApplicationsContent): string;
}

/** Java class that the reference names for a data centre; its decoders need it. */
export function dataCenterClass(name: DataCenter['name']): string {
  return name === 'Amazon'
    ? 'com.netflix.appinfo.AmazonInfo'
    : 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo';
}

const COMPACT_AMAZON_KEYS = ['instance-id', 'public-ipv4', 'public-hostname', 'local-ipv4', 'availability-zone'];

/** Metadata of an Amazon data centre, what compact leaves out left out. Undefined for other data centres. */
export function dataCenterMetadata(
  dataCenter: DataCenter,
  detail: Detail,
): readonly (readonly [string, string])[] | undefined {
  if (dataCenter.name !== 'Amazon') return undefined;
  const entries = Object.entries(dataCenter.metadata ?? {});
  return detail === 'full' ? entries : entries.filter(([key]) => COMPACT_AMAZON_KEYS.includes(key));
}

/** `sid` is written only when it says something. */
export function meaningfulSid(sid: string | undefined): string | undefined {
  return sid === 'na' || sid === 'unknown' ? undefined : sid;
}

export function wholeSeconds(ms: number): number {
  return Math.ceil(ms / 1_000);
}
