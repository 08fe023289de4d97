import { instanceInfo, ManualClock } from '#testing';
import type { RegistryChange } from './change-feed.ts';
import { LeaseRegistry } from './lease-registry.ts';
import type { RegistryOptions } from './registry-options.ts';

function start(options: Partial<RegistryOptions> = {}): {
  clock: ManualClock;
  registry: LeaseRegistry;
  changes: RegistryChange[];
} {
  const clock = new ManualClock();
  const registry = new LeaseRegistry(clock, options);
  const changes: RegistryChange[] = [];
  registry.changes.subscribe((change) => changes.push(change));
  return { clock, registry, changes };
}

describe('registration', () => {
  it('gives a lease, a change with the next index, and an entry in the hash', () => {
    const { clock, registry, changes } = start();
    const first = registry.changes.index;
    const lease = registry.register(instanceInfo());
    expect(registry.find('orders', 'orders-1')).toBe(lease);
    expect(lease.expiresAt).toBe(clock.now() + 90_000);
    expect(changes).toMatchObject([{ index: first + 1, type: 'added', cause: 'registered' }]);
    expect(registry.hash()).toBe('UP_1_');
  });

  it('keeps what it has when an older registration arrives, yet starts a new lease', () => {
    const { clock, registry } = start();
    registry.register(instanceInfo({ lastDirtyAt: 1_000 }));
    clock.advance(5_000);
    const lease = registry.register(instanceInfo({ lastDirtyAt: 999, ipAddr: '10.9.9.9', status: 'DOWN' }));
    expect(lease.info).toMatchObject({ ipAddr: '10.0.0.1', status: 'UP' });
    expect(lease.registeredAt).toBe(clock.now());
  });

  it('takes the newcomer when both are of the same time', () => {
    const { registry } = start();
    registry.register(instanceInfo());
    expect(registry.register(instanceInfo({ ipAddr: '10.9.9.9' })).info.ipAddr).toBe('10.9.9.9');
  });

  it('remembers since when an instance has been up over a new registration', () => {
    const { clock, registry } = start();
    registry.register(instanceInfo({ status: 'STARTING' }));
    clock.advance(1_000);
    const upAt = clock.now();
    expect(registry.register(instanceInfo()).serviceUpAt).toBe(upAt);
    clock.advance(1_000);
    expect(registry.register(instanceInfo()).serviceUpAt).toBe(upAt);
  });

  it('believes a client that goes out of service over an UP lease only when told to', () => {
    const { registry } = start();
    registry.register(instanceInfo());
    expect(registry.register(instanceInfo({ status: 'OUT_OF_SERVICE' })).info.status).toBe('UP');
    const believed = registry.register(instanceInfo({ status: 'OUT_OF_SERVICE' }), { believeStatus: true });
    expect(believed.info.status).toBe('OUT_OF_SERVICE');
  });

  it('keeps the same id of two services apart', () => {
    const { registry } = start();
    registry.register(instanceInfo({ id: 'x', app: 'A' }));
    registry.register(instanceInfo({ id: 'x', app: 'B' }));
    registry.setStatus('A', 'x', 'OUT_OF_SERVICE');
    expect(registry.find('B', 'x')?.info.status).toBe('UP');
    registry.cancel('A', 'x');
    expect(registry.findById('x')?.info.app).toBe('B');
  });
});

describe('expiry', () => {
  it('ends a lease of 2 s that stops renewing within 2.1 s', () => {
    const { clock, registry, changes } = start();
    registry.register(instanceInfo({ durationMs: 2_000, renewalIntervalMs: 500 }));
    clock.advance(1_000);
    expect(registry.renew('ORDERS', 'orders-1')).toBe('renewed');
    clock.advance(1_999);
    expect(registry.size).toBe(1);
    clock.advance(101);
    expect(registry.size).toBe(0);
    expect(changes.at(-1)).toMatchObject({ type: 'removed', cause: 'expired', info: { actionType: 'DELETED' } });
    expect(changes.at(-1)?.lease.evictedAt).toBeGreaterThan(0);
  });

  it('lasts twice as long after a renewal when told to be like the reference', () => {
    const { clock, registry } = start({ expiryFactor: 2 });
    const lease = registry.register(instanceInfo({ durationMs: 2_000 }));
    clock.advance(1_000);
    registry.renew('ORDERS', 'orders-1');
    expect(lease.lastRenewalAt).toBe(clock.now() + 2_000);
    clock.advance(3_990);
    expect(registry.size).toBe(1);
    clock.advance(20);
    expect(registry.size).toBe(0);
  });

  it('follows the monotonic clock when somebody sets the wall clock', () => {
    const { clock, registry } = start();
    registry.register(instanceInfo({ durationMs: 10_000 }));
    clock.jump(3_600_000);
    clock.advance(9_000);
    expect(registry.find('ORDERS', 'orders-1')).toBeDefined();
    clock.jump(-7_200_000);
    clock.advance(1_100);
    expect(registry.find('ORDERS', 'orders-1')).toBeUndefined();
  });

  it('heeds a shorter lease that follows a longer one, and forgets the longer', () => {
    const { clock, registry, changes } = start();
    registry.register(instanceInfo({ durationMs: 60_000 }));
    registry.register(instanceInfo({ durationMs: 1_000 }));
    clock.advance(1_050);
    expect(registry.size).toBe(0);
    registry.register(instanceInfo({ durationMs: 600_000 }));
    clock.advance(120_000);
    expect(registry.size).toBe(1);
    expect(changes.filter(({ cause }) => cause === 'expired')).toHaveLength(1);
  });

  it('hides what has run out from look-ups before a tick removes it, and lets it renew', () => {
    const { clock, registry } = start({ evictionIntervalMs: 600_000, selfPreservation: false });
    registry.register(instanceInfo({ durationMs: 1_000 }));
    clock.advance(1_600);
    expect(registry.find('ORDERS', 'orders-1')).toBeUndefined();
    expect(registry.findById('orders-1')).toBeUndefined();
    expect(registry.setStatus('ORDERS', 'orders-1', 'DOWN')).toBeUndefined();
    expect(registry.app('orders')?.size).toBe(1);
    expect(registry.renew('ORDERS', 'orders-1')).toBe('renewed');
    expect(registry.find('ORDERS', 'orders-1')).toBeDefined();
    clock.advance(600_000);
    expect(registry.size).toBe(0);
  });

  it('ends ten thousand leases on time and leaves no timer behind', () => {
    const { clock, registry } = start({ selfPreservation: false });
    for (let i = 0; i < 10_000; i++)
      registry.register(instanceInfo({ id: `n${i}`, durationMs: 1_000 + (i % 7) * 500 }));
    clock.advance(1_050);
    expect(registry.size).toBe(10_000 - Math.ceil(10_000 / 7));
    clock.advance(5_000);
    expect(registry.size).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('gives clients the time back that the process stood still', () => {
    const manual = new ManualClock();
    let stalledMs = 0;
    const registry = new LeaseRegistry({
      now: () => manual.now() + stalledMs,
      monotonic: () => manual.monotonic() + stalledMs,
      schedule: (delayMs, callback) => manual.schedule(delayMs, callback),
    });
    registry.register(instanceInfo({ durationMs: 10_000 }));
    manual.advance(9_000);
    stalledMs = 60_000;
    manual.advance(1_000);
    expect(registry.find('ORDERS', 'orders-1')).toBeDefined();
    manual.advance(9_000);
    expect(registry.size).toBe(1);
    manual.advance(1_100);
    expect(registry.size).toBe(0);
  });

  it('never asks for a timer that Node.js cannot keep, however long the lease', () => {
    const manual = new ManualClock();
    const delays: number[] = [];
    const registry = new LeaseRegistry({
      now: () => manual.now(),
      monotonic: () => manual.monotonic(),
      schedule(delayMs, callback) {
        delays.push(delayMs);
        return manual.schedule(delayMs, callback);
      },
    });
    registry.register(instanceInfo({ durationMs: 1e12 }));
    manual.advance(3 * 86_400_000);
    expect(delays.length).toBeLessThan(6);
    expect(Math.max(...delays)).toBeLessThan(2 ** 31);
    registry.register(instanceInfo({ durationMs: 1_000 }));
    manual.advance(1_050);
    expect(registry.size).toBe(0);
  });

  it('expires nothing any more once closed', () => {
    const { clock, registry } = start();
    registry.register(instanceInfo());
    registry.close();
    expect(clock.pending).toBe(0);
  });
});

describe('renewal', () => {
  it('is refused to the unknown and to instances whose status is unknown', () => {
    const { registry } = start();
    expect(registry.renew('ORDERS', 'orders-1')).toBe('unknown');
    registry.register(instanceInfo({ status: 'UNKNOWN' }));
    expect(registry.renew('ORDERS', 'orders-1')).toBe('unknown');
  });

  it('compares who saw the last change', () => {
    const { registry } = start();
    registry.register(instanceInfo({ lastDirtyAt: 1_000 }));
    expect(registry.renew('ORDERS', 'orders-1', { lastDirtyAt: 1_000 })).toBe('renewed');
    expect(registry.renew('ORDERS', 'orders-1', { lastDirtyAt: 1_001 })).toBe('outdated');
    expect(registry.renew('ORDERS', 'orders-1', { lastDirtyAt: 999 })).toBe('renewed');
    expect(registry.renew('ORDERS', 'orders-1', { lastDirtyAt: 999, replication: true })).toBe('conflict');
  });

  it('does not compare when told not to', () => {
    const { registry } = start({ syncWhenTimestampDiffers: false });
    registry.register(instanceInfo({ lastDirtyAt: 1_000 }));
    expect(registry.renew('ORDERS', 'orders-1', { lastDirtyAt: 1_001 })).toBe('renewed');
  });

  it('takes over a newer override of a peer, and shows it at the next renewal', () => {
    const { registry } = start();
    const lease = registry.register(instanceInfo({ lastDirtyAt: 1_000 }));
    const news = { lastDirtyAt: 1_001, replication: true, overriddenStatus: 'OUT_OF_SERVICE' } as const;
    expect(registry.renew('ORDERS', 'orders-1', news)).toBe('outdated');
    expect(lease.info).toMatchObject({ status: 'UP', overriddenStatus: 'OUT_OF_SERVICE' });
    registry.renew('ORDERS', 'orders-1');
    expect(lease.info.status).toBe('OUT_OF_SERVICE');
    expect(registry.hash()).toBe('OUT_OF_SERVICE_1_');
  });
});

describe('status and metadata', () => {
  it('overrides until the override is deleted, through new registrations', () => {
    const { registry } = start();
    registry.register(instanceInfo());
    registry.setStatus('ORDERS', 'orders-1', 'OUT_OF_SERVICE', 2_000);
    const again = registry.register(instanceInfo({ lastDirtyAt: 3_000 }));
    expect(again.info).toMatchObject({ status: 'OUT_OF_SERVICE', overriddenStatus: 'OUT_OF_SERVICE' });
    registry.register(instanceInfo({ status: 'DOWN', lastDirtyAt: 3_001 }));
    expect(registry.hash()).toBe('DOWN_1_');
    registry.register(instanceInfo({ lastDirtyAt: 3_002 }));
    expect(registry.hash()).toBe('OUT_OF_SERVICE_1_');
    registry.deleteStatusOverride('ORDERS', 'orders-1', 'UP');
    expect(registry.find('ORDERS', 'orders-1')?.info).toMatchObject({ status: 'UP', overriddenStatus: 'UNKNOWN' });
  });

  it('stores no override that changes nothing, and deletes none that is not there', () => {
    const { registry, changes } = start();
    registry.register(instanceInfo());
    registry.setStatus('ORDERS', 'orders-1', 'UP');
    registry.deleteStatusOverride('ORDERS', 'orders-1');
    expect(changes).toHaveLength(1);
    expect(registry.setStatus('ORDERS', 'nobody', 'UP')).toBeUndefined();
    expect(registry.deleteStatusOverride('ORDERS', 'nobody')).toBeUndefined();
  });

  it('raises the time of the last change, never lowers it', () => {
    const { registry } = start();
    registry.register(instanceInfo({ lastDirtyAt: 1_000 }));
    expect(registry.setStatus('ORDERS', 'orders-1', 'DOWN', 1_500)?.info.lastDirtyAt).toBe(1_500);
    expect(registry.setStatus('ORDERS', 'orders-1', 'UP', 1_400)?.info.lastDirtyAt).toBe(1_500);
  });

  it('takes an override from a registration that brings one', () => {
    const { registry } = start();
    const lease = registry.register(instanceInfo({ overriddenStatus: 'OUT_OF_SERVICE' }));
    expect(lease.info.status).toBe('OUT_OF_SERVICE');
  });

  it('merges metadata', () => {
    const { registry } = start();
    registry.register(instanceInfo({ metadata: { a: '1', b: '2' } }));
    expect(registry.mergeMetadata('ORDERS', 'orders-1', { b: '3', c: '' })?.info.metadata).toEqual({
      a: '1',
      b: '3',
      c: '',
    });
    expect(registry.mergeMetadata('ORDERS', 'nobody', {})).toBeUndefined();
  });

  it('forgets the override with the lease', () => {
    const { registry } = start();
    registry.register(instanceInfo());
    registry.setStatus('ORDERS', 'orders-1', 'OUT_OF_SERVICE');
    expect(registry.cancel('orders', 'orders-1')).toBe(true);
    expect(registry.cancel('orders', 'orders-1')).toBe(false);
    expect(registry.register(instanceInfo()).info.status).toBe('UP');
  });
});
