import type { InstanceStatus } from '#kernel';
import type { InstanceView } from '#protocols/registry-api';

interface Locality {
  readonly Zone?: string;
}

/** One element of Consul's answer to `/v1/health/service/NAME`, as far as it is read here. */
export interface CatalogEntry {
  readonly Node?: { readonly Node?: string; readonly Address?: string; readonly Locality?: Locality | null };
  readonly Service?: {
    readonly ID?: string;
    readonly Address?: string;
    readonly Port?: number;
    readonly Tags?: readonly string[] | null;
    readonly Meta?: Readonly<Record<string, string>> | null;
    readonly Weights?: { readonly Passing?: number; readonly Warning?: number } | null;
    readonly Locality?: Locality | null;
  };
  readonly Checks?: readonly { readonly CheckID?: string; readonly Status?: string }[] | null;
}

/**
 * How long an instance is served on that a Consul which was away no longer knows. Agents tell their servers everything
 * again once a minute (anti-entropy).
 */
const KEPT_MS = 60_000;

const MAINTENANCE = /^(_node_maintenance$|_service_maintenance(:|$))/;

/** Undefined for a service without an address or a port: nothing can be sent there. */
export function instanceOf(service: string, { Node, Service, Checks }: CatalogEntry): InstanceView | undefined {
  const host = Service?.Address || Node?.Address;
  const { ID = '', Port: port = 0, Tags, Meta, Weights } = Service ?? {};
  if (!host || port === 0) return undefined;
  const checks = Checks ?? [];
  const metadata = { ...fromTags(Tags ?? []), ...Meta };
  const warned = checks.some(({ Status }) => Status === 'warning');
  const zone = metadata['zone'] ?? Service?.Locality?.Zone ?? Node?.Locality?.Zone;
  return {
    // An id is unique on its node only.
    id: `${ID}@${Node?.Node ?? ''}`,
    service,
    host,
    port,
    // As Spring Cloud Consul marks it, in the metadata or by a tag.
    secure: metadata['secure'] === 'true',
    status: statusOf(checks),
    weight: (warned ? Weights?.Warning : Weights?.Passing) ?? 1,
    ...(zone && { zone }),
    metadata,
    ttlMs: KEPT_MS,
    // Consul does not tell when.
    registeredAt: 0,
    lastRenewalAt: 0,
    expiresAt: 0,
    held: null,
    protocol: 'consul',
  };
}

/** Like Spring Cloud Consul: `key=value` is an entry, and a tag without a sign is an entry whose value is itself. */
function fromTags(tags: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    tags.map((tag) => {
      const at = tag.indexOf('=');
      return at < 0 ? [tag, tag] : [tag.slice(0, at), tag.slice(at + 1)];
    }),
  );
}

/** The worst of the checks counts, those of the node included. Without checks a service is passing. */
function statusOf(checks: NonNullable<CatalogEntry['Checks']>): InstanceStatus {
  if (checks.some(({ CheckID, Status }) => Status === 'critical' && MAINTENANCE.test(CheckID ?? ''))) {
    return 'OUT_OF_SERVICE';
  }
  return checks.every(({ Status }) => Status === 'passing' || Status === 'warning') ? 'UP' : 'DOWN';
}
