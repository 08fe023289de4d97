import { isIP } from 'node:net';
import { INSTANCE_STATUSES, type InstanceInfo } from '#registry';
import { FieldReader } from './field-reader.ts';
import { invalidRequest } from './problem-document.ts';

const FIELDS = ['host', 'port', 'id', 'ttl', 'health', 'weight', 'zone', 'metadata', 'secure'];
const DEFAULT_TTL_MS = 30_000;
const MIN_TTL_MS = 1_000;
const MAX_TTL_MS = 86_400_000;
const SERVICE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
// Ids stand in URLs, logs and terminals.
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001F\u007F]/;

/** Reads a body that may come as JSON whatever its content type says (`curl -d` says it is a form), or as a form. */
export function parseBody(body: Buffer, contentType: string | undefined): Readonly<Record<string, unknown>> {
  const text = body.toString().trim();
  if (contentType?.startsWith('application/x-www-form-urlencoded') === true && /^[\w.]+=/.test(text)) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  let value: unknown;
  try {
    value = JSON.parse(text === '' ? '{}' : text);
  } catch (error) {
    const message = `the body is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw invalidRequest([{ field: '', message, remedy: `send an object like {"host":"10.0.0.1","port":8080}` }]);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw invalidRequest([{ field: '', message: 'the body is not a JSON object', remedy: 'send {"host":…,"port":…}' }]);
}

/** An instance from the body of a registration; throws an `ApiFault` that names every field at fault. */
export function readRegistration(service: string, body: Readonly<Record<string, unknown>>, now: number): InstanceInfo {
  const read = new FieldReader(body, FIELDS);
  const host = read.required('host', '"10.0.0.1"');
  const port = read.wholeNumber('port', read.required('port', '8080'), 1, 65_535);
  const ttlMs = read.duration('ttl', DEFAULT_TTL_MS, MIN_TTL_MS, MAX_TTL_MS);
  const status = read.oneOf('health', INSTANCE_STATUSES, 'UP');
  const weight = read.number('weight', 0);
  const zone = read.text('zone');
  const secure = read.flag('secure');
  const metadata = { ...read.textMap('metadata') };
  const id = read.text('id') || `${host}:${service.toLowerCase()}:${port}`;
  const faults = [...read.faults];
  if (!SERVICE_NAME.test(service)) {
    const remedy = 'use letters, digits, ".", "_" and "-", beginning with a letter or digit';
    faults.push({ field: 'service', message: `"${service}" cannot name a service`, remedy });
  }
  if (/[\s/]/.test(host)) {
    faults.push({ field: 'host', message: `"${host}" is no host`, remedy: 'give a name or address without scheme' });
  }
  if (id.length > 255 || UNPRINTABLE.test(id)) {
    const remedy = 'use up to 255 printable characters, or leave it out';
    faults.push({ field: 'id', message: 'the id is too long or not printable', remedy });
  }
  if (faults.length > 0) throw invalidRequest(faults);
  if (weight !== undefined) metadata['weight'] = String(weight);
  if (zone) metadata['zone'] = zone;
  return {
    id,
    instanceId: id,
    app: service.toUpperCase(),
    hostName: host,
    ipAddr: isIP(host) === 0 && host === 'localhost' ? '127.0.0.1' : host,
    status,
    overriddenStatus: 'UNKNOWN',
    port: { number: secure ? 80 : port, enabled: !secure },
    securePort: { number: secure ? port : 443, enabled: secure },
    countryId: 1,
    dataCenter: { name: 'MyOwn' },
    metadata,
    vipAddress: service.toLowerCase(),
    secureVipAddress: service.toLowerCase(),
    // Three chances within the ttl: what the client is told, and what its silence is measured by.
    renewalIntervalMs: ttlMs / 3,
    durationMs: ttlMs,
    lastDirtyAt: now,
    lastUpdatedAt: now,
    actionType: 'ADDED',
    protocol: 'json',
  };
}
