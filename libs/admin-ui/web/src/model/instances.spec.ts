import { compileFilter, countChoices } from './instance-filter.ts';
import { arrange, headOf, type ArrangeOptions } from './instance-rows.ts';
import { InstanceSet } from './instance-set.ts';
import type { InstanceView } from './wire.ts';

const AS_IS: ArrangeOptions = {
  query: '',
  status: 'all',
  sort: { column: 'service', descending: false },
  folded: new Set(),
};

function view(service: string, id: string, more: Partial<InstanceView> = {}): InstanceView {
  return { id, service, host: '10.0.0.1', port: 8080, status: 'UP', ...more };
}

function setOf(...instances: InstanceView[]): InstanceSet {
  const set = new InstanceSet();
  set.reset({ index: 1, instances });
  return set;
}

describe('InstanceSet', () => {
  it('is what snapshot and changes make of it, sorted by service and id', () => {
    const set = setOf(view('orders', 'b'), view('Orders', 'a'), view('hello', 'z'));
    expect(set.sorted().map(({ key }) => key)).toEqual(['hello/z', 'orders/a', 'orders/b']);
    set.apply(
      {
        index: 2,
        changes: [
          { type: 'removed', instance: view('ORDERS', 'a') },
          { type: 'added', instance: view('cart', 'c') },
          { type: 'modified', instance: view('hello', 'z', { status: 'DOWN' }) },
        ],
      },
      5,
    );
    expect(set.sorted().map(({ key, view: { status } }) => `${key} ${status}`)).toEqual([
      'cart/c UP',
      'hello/z DOWN',
      'orders/b UP',
    ]);
    expect([set.sizeOf('orders'), set.sizeOf('CART'), set.sizeOf('gone')]).toEqual([1, 1, 0]);
  });

  it('forgets everything at a new snapshot', () => {
    const set = setOf(view('orders', 'a'));
    set.reset({ index: 9, instances: [view('hello', 'z')] });
    expect(set.sorted().map(({ key }) => key)).toEqual(['hello/z']);
    expect(set.sizeOf('orders')).toBe(0);
  });

  it('marks what changed visibly, not what only renewed', () => {
    const set = setOf(view('orders', 'a'), view('orders', 'b'));
    const changes = [
      { type: 'modified', instance: view('orders', 'a', { lastRenewalAt: 7 }) },
      { type: 'modified', instance: view('orders', 'b', { weight: 0 }) },
    ] as const;
    set.apply({ index: 2, changes }, 1234);
    expect(set.sorted().map(({ changedAt }) => changedAt)).toEqual([0, 1234]);
  });

  it('takes heartbeats of those that are there, newest only', () => {
    const set = setOf(view('orders', 'a', { lastRenewalAt: 10, expiresAt: 20 }));
    const before = set.revision;
    const late = view('orders', 'a', { lastRenewalAt: 5, expiresAt: 15, status: 'DOWN' });
    expect(set.renew([late, view('orders', 'ghost', { lastRenewalAt: 99 })])).toBe(false);
    expect(set.revision).toBe(before);
    expect(set.renew([{ ...late, lastRenewalAt: 12, expiresAt: 22 }])).toBe(true);
    // The status comes by the change stream alone, so that an answer on the way cannot turn it back.
    expect(set.find('orders/a')?.view).toMatchObject({ lastRenewalAt: 12, expiresAt: 22, status: 'UP' });
    expect(set.sorted()).toHaveLength(1);
  });
});

describe('filter', () => {
  const set = setOf(
    view('orders', 'o-1', { zone: 'eu-1a', metadata: { Version: '2' } }),
    view('orders', 'o-2', { zone: 'eu-1b', status: 'OUT_OF_SERVICE', held: 'split' }),
    view('zone-keeper', 'z-1', { host: '10.9.9.9', port: 9000, weight: 0 }),
  );
  const found = (query: string, status: ArrangeOptions['status'] = 'all') =>
    set
      .sorted()
      .filter(compileFilter(query, status))
      .map(({ view: { id } }) => id);

  it.each([
    ['', ['o-1', 'o-2', 'z-1']],
    ['ORDERS', ['o-1', 'o-2']],
    ['orders 1b', ['o-2']],
    ['zone', ['z-1']],
    ['zone:eu-1a', ['o-1']],
    ['status:out', ['o-2']],
    ['version:2', ['o-1']],
    ['10.9.9.9:9000', ['z-1']],
    ['weight:0', ['z-1']],
    ['zone:', []],
    ['nothing', []],
  ])('%j finds %j', (query, expected) => {
    expect(found(query)).toEqual(expected);
  });

  it('narrows by status', () => {
    expect(found('', 'up')).toEqual(['o-1', 'z-1']);
    expect(found('', 'not-up')).toEqual(['o-2']);
    expect(found('orders', 'held')).toEqual(['o-2']);
    expect(countChoices(set.sorted(), '')).toEqual({ all: 3, up: 2, 'not-up': 1, held: 1 });
    expect(countChoices(set.sorted(), 'zone:eu-1a')).toEqual({ all: 1, up: 1, 'not-up': 0, held: 0 });
  });
});

describe('arrange', () => {
  const entries = setOf(
    view('orders', 'a', { zone: 'b' }),
    view('orders', 'b', { zone: 'c', status: 'DOWN' }),
    view('hello', 'c', { zone: 'a' }),
  ).sorted();
  const said = (options: Partial<ArrangeOptions>) =>
    arrange(entries, { ...AS_IS, ...options }).rows.map((row) =>
      row.kind === 'service' ? `${row.name} ${row.up}/${row.total}` : row.entry.view.id,
    );

  it('groups by service', () => {
    expect(said({})).toEqual(['hello 1/1', 'c', 'orders 1/2', 'a', 'b']);
    expect(said({ sort: { column: 'service', descending: true } })).toEqual(['orders 1/2', 'a', 'b', 'hello 1/1', 'c']);
  });

  it('folds a service and still counts it', () => {
    expect(said({ folded: new Set(['orders']) })).toEqual(['hello 1/1', 'c', 'orders 1/2']);
    expect(arrange(entries, { ...AS_IS, folded: new Set(['orders']) })).toMatchObject({ matches: 3, services: 2 });
  });

  it('sorts by anything else as a plain list', () => {
    expect(said({ sort: { column: 'zone', descending: false } })).toEqual(['c', 'a', 'b']);
    expect(said({ sort: { column: 'zone', descending: true } })).toEqual(['b', 'a', 'c']);
    expect(said({ sort: { column: 'status', descending: false } })[0]).toBe('b');
  });

  it('counts only what the filter lets through', () => {
    expect(said({ query: 'zone:c' })).toEqual(['orders 0/1', 'b']);
  });

  it('knows the service above any row', () => {
    const { rows } = arrange(entries, AS_IS);
    expect([0, 1, 2, 4, 99].map((index) => headOf(rows, index)?.name)).toEqual([
      'hello',
      'hello',
      'orders',
      'orders',
      'orders',
    ]);
    expect(headOf([], 0)).toBeUndefined();
  });
});
