import type { LeaseStore, StoredLease } from '#registry';
import { storedLease } from './stored-lease.ts';

export interface LeaseStoreHarness {
  /** A store on the engine; what an earlier one kept is still there until `reset`. */
  create(): LeaseStore;
  /** Empties the engine. */
  reset(): Promise<void>;
}

const byId = (leases: readonly StoredLease[]): StoredLease[] =>
  [...leases].sort((a, b) => a.info.id.localeCompare(b.info.id));

/** What every engine of the port must do. Call it inside a `describe` with the engine's name. */
export function leaseStoreContract(harness: LeaseStoreHarness): void {
  let stores: LeaseStore[] = [];
  const create = (): LeaseStore => {
    const store = harness.create();
    stores.push(store);
    return store;
  };

  beforeEach(() => harness.reset());
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    stores = [];
  });

  /** Writes with one store, closes it, and answers what the next one finds. */
  const reopened = async (write: (store: LeaseStore) => void): Promise<readonly StoredLease[]> => {
    const first = create();
    await first.open();
    write(first);
    await first.flush();
    await first.close();
    return (await create().open()).leases;
  };

  it('starts empty', async () => {
    expect((await create().open()).leases).toEqual([]);
  });

  it('gives back everything about a lease', async () => {
    const lease = {
      ...storedLease({ vipAddress: 'orders', instanceId: 'orders-1' }),
      override: 'OUT_OF_SERVICE' as const,
    };
    expect(await reopened((store) => store.put(lease))).toEqual([lease]);
  });

  it('keeps the last of several versions of a lease', async () => {
    const leases = await reopened((store) => {
      store.put(storedLease({ status: 'STARTING' }));
      store.put(storedLease({ status: 'UP' }));
    });
    expect(leases.map((lease) => lease.info.status)).toEqual(['UP']);
  });

  it('keeps one id under two services apart', async () => {
    const leases = await reopened((store) => {
      store.put(storedLease({ id: 'x', app: 'A' }));
      store.put(storedLease({ id: 'x', app: 'B' }));
      store.remove('A', 'x');
    });
    expect(leases.map((lease) => lease.info.app)).toEqual(['B']);
  });

  it('takes over renewals and ignores those of leases it does not know', async () => {
    const leases = await reopened((store) => {
      store.put(storedLease());
      store.renew('ORDERS', 'orders-1', 1_760_000_010_000, 1_760_000_100_000);
      store.renew('ORDERS', 'nobody', 1, 2);
    });
    expect(leases).toEqual([{ ...storedLease(), lastRenewalAt: 1_760_000_010_000, expiresAt: 1_760_000_100_000 }]);
  });

  it('removes, twice if asked', async () => {
    const leases = await reopened((store) => {
      store.put(storedLease({ id: 'a' }));
      store.put(storedLease({ id: 'b' }));
      store.remove('ORDERS', 'a');
      store.remove('ORDERS', 'a');
    });
    expect(leases.map((lease) => lease.info.id)).toEqual(['b']);
  });

  it('keeps ids with any character in them', async () => {
    const ids = ['host:orders:8080', 'a/b c', 'ü✓', '..', '{"x":1}'];
    const leases = await reopened((store) => ids.forEach((id) => store.put(storedLease({ id }))));
    expect(byId(leases).map((lease) => lease.info.id)).toEqual([...ids].sort((a, b) => a.localeCompare(b)));
  });

  it('keeps a thousand leases', async () => {
    const leases = await reopened((store) => {
      for (let i = 0; i < 1_000; i++) store.put(storedLease({ id: `n${i}` }));
    });
    expect(leases).toHaveLength(1_000);
  });

  it('is in order and can be closed twice', async () => {
    const store = create();
    await store.open();
    expect(store.state).toEqual({ state: 'ok' });
    await store.close();
    await store.close();
  });
}
