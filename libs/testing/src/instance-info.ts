import type { InstanceInfo } from '#registry';

/** An instance of service ORDERS with believable values; `fields` replaces single ones. */
export function instanceInfo(fields: Partial<InstanceInfo> = {}): InstanceInfo {
  const id = fields.id ?? 'orders-1';
  return {
    id,
    instanceId: id,
    app: 'ORDERS',
    hostName: '10.0.0.1',
    ipAddr: '10.0.0.1',
    status: 'UP',
    overriddenStatus: 'UNKNOWN',
    port: { number: 8080, enabled: true },
    securePort: { number: 443, enabled: false },
    countryId: 1,
    dataCenter: { name: 'MyOwn' },
    metadata: {},
    renewalIntervalMs: 30_000,
    durationMs: 90_000,
    lastDirtyAt: 1_000,
    lastUpdatedAt: 0,
    actionType: 'ADDED',
    protocol: 'eureka',
    ...fields,
  };
}
