import type { Instance } from '#kernel';
import { weightOf, zoneOf, type InstanceInfo, type Lease } from '#registry';

/** An instance as the registry API shows it. Times are epoch ms. */
export interface InstanceView extends Instance {
  readonly ttlMs: number;
  readonly registeredAt: number;
  readonly lastRenewalAt: number;
  /** When it leaves unless it renews. */
  readonly expiresAt: number;
  /** Why it is kept although its time has run out; null while it renews. */
  readonly held: string | null;
  /** Which protocol it registered by. */
  readonly protocol: InstanceInfo['protocol'] | 'consul';
}

/** `info` is what the instance was at the time of a change; the lease may have moved on since. */
export function viewOf(lease: Lease, info: InstanceInfo = lease.info): InstanceView {
  const zone = zoneOf(info);
  const secure = info.securePort.enabled && !info.port.enabled;
  return {
    id: info.id,
    service: info.app.toLowerCase(),
    host: info.hostName,
    port: secure ? info.securePort.number : info.port.number,
    secure,
    status: info.status,
    weight: weightOf(info),
    ...(zone === undefined ? {} : { zone }),
    metadata: info.metadata,
    ttlMs: lease.durationMs,
    registeredAt: lease.registeredAt,
    lastRenewalAt: lease.lastRenewalAt,
    expiresAt: lease.expiresAt,
    held: lease.held?.reason ?? null,
    protocol: info.protocol,
  };
}
