import type { InstanceStatus } from '#kernel';
import {
  DEFAULT_DURATION_MS,
  DEFAULT_RENEWAL_INTERVAL_MS,
  isInstanceStatus,
  type DataCenter,
  type InstanceInfo,
  type InstancePort,
} from '#registry';

/** The body is not what Eureka's decoders take: answered with 400 and `cannot parse request body`. */
export class UnreadableBody extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'UnreadableBody';
  }
}

/** What a client sent, read but not yet checked for completeness. */
export type InstanceDraft = Omit<InstanceInfo, 'id' | 'hostName' | 'ipAddr' | 'dataCenter' | 'lastDirtyAt'> & {
  readonly hostName?: string | undefined;
  readonly ipAddr?: string | undefined;
  readonly dataCenter?: Partial<DataCenter> | undefined;
  readonly lastDirtyAt?: number | undefined;
};

const AMAZON_CLASS = 'com.netflix.appinfo.AmazonInfo';
const DATA_CENTER_NAMES: readonly DataCenter['name'][] = ['MyOwn', 'Netflix', 'Amazon'];
const DEFAULT_PORT: InstancePort = { number: 7001, enabled: true };
const DEFAULT_SECURE_PORT: InstancePort = { number: 7002, enabled: false };

type Fields = Readonly<Record<string, unknown>>;

/** Reads the fields of an instance in their JSON form (the XML decoder brings its tree into the same form). */
export function readInstance(value: unknown): InstanceDraft {
  const fields = objectOf(value, 'instance');
  const app = text(fields, 'app');
  if (app === undefined) throw new UnreadableBody('app is missing');
  const lease = fields['leaseInfo'] == null ? {} : objectOf(fields['leaseInfo'], 'leaseInfo');
  return {
    instanceId: text(fields, 'instanceId'),
    app: app.toUpperCase(),
    appGroupName: text(fields, 'appGroupName')?.toUpperCase(),
    hostName: text(fields, 'hostName'),
    ipAddr: text(fields, 'ipAddr'),
    sid: text(fields, 'sid'),
    status: status(fields['status'], 'UP'),
    overriddenStatus: status(fields['overriddenStatus'] ?? fields['overriddenstatus'], 'UNKNOWN'),
    port: port(fields['port'], DEFAULT_PORT),
    securePort: port(fields['securePort'], DEFAULT_SECURE_PORT),
    countryId: numeric(fields['countryId']) ?? 1,
    dataCenter: dataCenter(fields['dataCenterInfo']),
    metadata: textMap(fields['metadata'], 'metadata'),
    homePageUrl: text(fields, 'homePageUrl'),
    statusPageUrl: text(fields, 'statusPageUrl'),
    healthCheckUrl: text(fields, 'healthCheckUrl'),
    secureHealthCheckUrl: text(fields, 'secureHealthCheckUrl'),
    vipAddress: text(fields, 'vipAddress'),
    secureVipAddress: text(fields, 'secureVipAddress'),
    asgName: text(fields, 'asgName'),
    renewalIntervalMs: seconds(lease['renewalIntervalInSecs']) ?? DEFAULT_RENEWAL_INTERVAL_MS,
    durationMs: seconds(lease['durationInSecs']) ?? DEFAULT_DURATION_MS,
    lastDirtyAt: numeric(fields['lastDirtyTimestamp']),
    lastUpdatedAt: 0,
    actionType: 'ADDED',
    protocol: 'eureka',
  };
}

export function objectOf(value: unknown, name: string): Fields {
  if (isFields(value)) return value;
  throw new UnreadableBody(`${name} must be an object`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text of a JSON scalar; undefined for objects and lists. */
function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === null ? 'null' : undefined;
}

function text(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value == null) return undefined;
  const scalar = scalarText(value);
  if (scalar === undefined) throw new UnreadableBody(`${name} must be a string`);
  return scalar;
}

/** Exact upper-case names only; any other text is UNKNOWN, as in the reference. */
function status(value: unknown, absent: InstanceStatus): InstanceStatus {
  if (value == null) return absent;
  return typeof value === 'string' && isInstanceStatus(value) ? value : 'UNKNOWN';
}

function port(value: unknown, absent: InstancePort): InstancePort {
  if (value == null) return absent;
  const fields = objectOf(value, 'port');
  for (const key of Object.keys(fields)) {
    if (key !== '$' && key !== '@enabled') throw new UnreadableBody(`port has an unknown key ${key}`);
  }
  const number = fields['$'] == null ? absent.number : numeric(fields['$']);
  if (number === undefined) throw new UnreadableBody('port.$ must be a number');
  const enabled = fields['@enabled'];
  return { number, enabled: enabled == null ? absent.enabled : enabled === true || enabled === 'true' };
}

function dataCenter(value: unknown): Partial<DataCenter> | undefined {
  if (value == null) return undefined;
  const fields = objectOf(value, 'dataCenterInfo');
  const type = text(fields, '@class');
  if (type === undefined) throw new UnreadableBody('dataCenterInfo.@class is missing');
  const name = text(fields, 'name');
  const known = DATA_CENTER_NAMES.find((candidate) => candidate === name);
  if (name !== undefined && known === undefined) {
    throw new UnreadableBody(`dataCenterInfo.name must be one of ${DATA_CENTER_NAMES.join(', ')}`);
  }
  if (fields['metadata'] == null) return known === undefined ? {} : { name: known };
  if (type !== AMAZON_CLASS) throw new UnreadableBody('only dataCenterInfo of Amazon has metadata');
  const metadata = textMap(fields['metadata'], 'dataCenterInfo.metadata');
  return known === undefined ? { metadata } : { name: known, metadata };
}

/** A flat map. Scalars become text, null becomes `null` as in the reference; Java's `@class` marker is dropped. */
function textMap(value: unknown, name: string): Readonly<Record<string, string>> {
  if (value == null) return {};
  const entries = Object.entries(objectOf(value, name)).filter(([key]) => key !== '@class');
  return Object.fromEntries(
    entries.map(([key, item]) => {
      const scalar = scalarText(item);
      if (scalar === undefined) throw new UnreadableBody(`${name}.${key} must be a string`);
      return [key, scalar];
    }),
  );
}

/** A number or the text of one. */
function numeric(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || !/^-?\d+$/.test(value.trim())) return undefined;
  return Number(value);
}

/** Milliseconds of a count of seconds; undefined for none, zero and less. */
function seconds(value: unknown): number | undefined {
  const count = numeric(value);
  return count !== undefined && count > 0 ? count * 1_000 : undefined;
}
