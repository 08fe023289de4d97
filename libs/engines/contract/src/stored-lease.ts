import type { InstanceInfo, StoredLease } from '#registry';

/** A stored lease with believable values; `info` replaces single fields. */
export function storedLease(info: Partial<InstanceInfo> = {}, at = 1_760_000_000_000): StoredLease {
  return {
    info: {
      id: 'orders-1',
      app: 'ORDERS',
      hostName: '10.0.0.1',
      ipAddr: '10.0.0.1',
      status: 'UP',
      overriddenStatus: 'UNKNOWN',
      port: { number: 8080, enabled: true },
      securePort: { number: 443, enabled: false },
      countryId: 1,
      dataCenter: { name: 'MyOwn' },
      metadata: { zone: 'a', naïve: 'né"\n' },
      renewalIntervalMs: 30_000,
      durationMs: 90_000,
      lastDirtyAt: at,
      lastUpdatedAt: at,
      actionType: 'ADDED',
      protocol: 'json',
      ...info,
    },
    registeredAt: at,
    serviceUpAt: at,
    lastRenewalAt: at,
    expiresAt: at + 90_000,
  };
}
