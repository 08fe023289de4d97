import { instanceInfo, ManualClock } from '#testing';
import { LeaseRegistry } from './lease-registry.ts';
import type { LeaseStore, StoredLease } from './lease-store.ts';

/** Records what a registry tells its store. */
class RecordingStore implements LeaseStore {
  readonly engine = 'recording';
  readonly state = { state: 'ok' } as const;
  readonly leases = new Map<string, StoredLease>();
  readonly renewals: string[] = [];
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  open(): ReturnType<LeaseStore['open']> {
    return Promise.resolve({ leases: [...this.leases.values()], savedAt: this.#clock.now() });
  }

  put(lease: StoredLease): void {
    this.leases.set(lease.info.id, lease);
  }

  renew(_app: string, id: string): void {
    this.renewals.push(id);
  }

  remove(_app: string, id: string): void {
    this.leases.delete(id);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

it('tells the store what outlives the process', () => {
  const clock = new ManualClock();
  const store = new RecordingStore(clock);
  const registry = new LeaseRegistry(clock, {}, store);
  registry.register(instanceInfo({ id: 'a' }));
  registry.register(instanceInfo({ id: 'b' }));
  registry.renew('ORDERS', 'a');
  registry.setStatus('ORDERS', 'a', 'OUT_OF_SERVICE');
  registry.cancel('ORDERS', 'b');
  expect([...store.leases.keys()]).toEqual(['a']);
  expect(store.leases.get('a')).toMatchObject({ override: 'OUT_OF_SERVICE', expiresAt: clock.now() + 90_000 });
  expect(store.renewals).toContain('a');
});

it('forgets nobody over a restart, gives everyone time to renew, and then goes on as before', async () => {
  const clock = new ManualClock();
  const store = new RecordingStore(clock);
  const before = new LeaseRegistry(clock, {}, store);
  before.register(instanceInfo({ id: 'a', durationMs: 10_000 }));
  before.setStatus('ORDERS', 'a', 'OUT_OF_SERVICE');
  const registeredAt = clock.now();
  clock.advance(8_000);
  const kept = await store.open();
  before.close();
  // The registry was away for an hour: the clients could not renew, and that is not their fault.
  clock.advance(3_600_000);

  const after = new LeaseRegistry(clock, {}, store);
  expect(after.restore(kept)).toBe(1);
  const lease = after.find('ORDERS', 'a');
  expect(lease).toMatchObject({ registeredAt, serviceUpAt: registeredAt });
  expect(after.hash()).toBe('OUT_OF_SERVICE_1_');
  expect(after.delta.leases()).toHaveLength(1);
  clock.advance(11_000);
  expect(after.size).toBe(1);
  clock.advance(1_100);
  expect(after.size).toBe(0);
});

it('restores overrides with their leases', async () => {
  const clock = new ManualClock();
  const store = new RecordingStore(clock);
  const before = new LeaseRegistry(clock, {}, store);
  before.register(instanceInfo());
  before.setStatus('ORDERS', 'orders-1', 'OUT_OF_SERVICE');
  const after = new LeaseRegistry(clock, {}, store);
  after.restore(await store.open());
  expect(after.register(instanceInfo({ lastDirtyAt: 9_000 })).info.status).toBe('OUT_OF_SERVICE');
});

it('never gives more than the duration twice, whatever the clocks of two processes say', () => {
  const clock = new ManualClock();
  const registry = new LeaseRegistry(clock);
  const stored: StoredLease = {
    info: instanceInfo({ durationMs: 10_000 }),
    registeredAt: 0,
    serviceUpAt: 0,
    lastRenewalAt: 0,
    expiresAt: 9e15,
  };
  registry.restore({ leases: [stored], savedAt: 0 });
  clock.advance(20_050);
  expect(registry.size).toBe(0);
});
