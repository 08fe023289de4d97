import { InstanceSet } from './instance-set.ts';
import { leaseClock } from './lease.ts';
import { planRefresh } from './lease-refresh.ts';
import type { InstanceView } from './wire.ts';

const TTL = 30_000;

function renewed(at: number, more: Partial<InstanceView> = {}): InstanceView {
  const lease = { ttlMs: TTL, lastRenewalAt: at, expiresAt: at + TTL };
  return { id: 'a', service: 'orders', host: 'h', port: 1, status: 'UP', ...lease, ...more };
}

describe('leaseClock', () => {
  it.each([
    [0, 'fresh', 30_000],
    [19_999, 'fresh', 10_001],
    [20_001, 'late', 9999],
    [30_000, 'expired', 0],
    [60_000, 'expired', 0],
    [-5000, 'fresh', 35_000],
  ])('%d ms after the heartbeat it is %s with %d ms left', (age, phase, remainingMs) => {
    const clock = leaseClock(renewed(1000), 1000 + age);
    expect(clock).toMatchObject({ phase, remainingMs });
    expect(clock.remaining).toBeLessThanOrEqual(1);
  });

  it('says held before anything else', () => {
    expect(leaseClock(renewed(0, { held: 'split' }), 5).phase).toBe('held');
    expect(leaseClock(renewed(0, { held: 'split', expiresAt: null }), 5).phase).toBe('held');
  });

  it('knows instances without a lease', () => {
    expect(leaseClock(renewed(0, { ttlMs: null, expiresAt: null }), 5).phase).toBe('none');
  });
});

describe('planRefresh', () => {
  const START = 1_000_000;
  const set = new InstanceSet();
  set.reset({
    index: 1,
    instances: [
      renewed(START),
      renewed(START, { id: 'b' }),
      renewed(START, { service: 'big', id: 'c' }),
      renewed(START + 9000, { service: 'big', id: 'd' }),
      renewed(START, { service: 'eternal', ttlMs: null }),
    ],
  });
  const sizeOf = (service: string) => (service === 'big' ? 5000 : 2);
  const plan = (now: number, asked = new Map<string, number>()) => {
    const { services, instances } = planRefresh(set.sorted(), START + now, asked, sizeOf);
    return [services, instances.map(({ key }) => key)];
  };

  it('asks for nothing while no heartbeat can be due', () => {
    expect(plan(9999)).toEqual([[], []]);
  });

  it('reads small services whole and large ones by the row', () => {
    expect(plan(10_000)).toEqual([['orders'], ['big/c']]);
    expect(plan(19_000)).toEqual([['orders'], ['big/c', 'big/d']]);
  });

  it('does not ask again at once', () => {
    const asked = new Map([
      ['orders/a', START + 10_000],
      ['orders/b', START + 10_000],
      ['big/c', START + 10_000],
    ]);
    expect(plan(12_999, asked)).toEqual([[], []]);
    expect(plan(13_000, asked)).toEqual([['orders'], ['big/c']]);
  });
});
