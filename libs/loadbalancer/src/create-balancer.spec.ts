import { ManualClock } from '#testing';
import type { BalancingRule, Endpoint, OutlierPolicy } from '#traffic';
import type { Balancer, EndpointState } from './balancer.ts';
import { createBalancer, type Ejection } from './create-balancer.ts';

const OUTLIER: OutlierPolicy = {
  consecutiveFailures: 3,
  baseEjectionMs: 1_000,
  maxEjectionMs: 3_000,
  maxEjectionPercent: 50,
};

function endpoint(id: string, overrides: Partial<Endpoint> = {}): Endpoint {
  return { id, host: `${id}.test`, port: 80, weight: 1, ...overrides };
}

function setUp(ids: string, outlier: OutlierPolicy = OUTLIER, rule: BalancingRule = 'round-robin') {
  const clock = new ManualClock();
  const ejections: Ejection[] = [];
  const balancer = createBalancer({ rule, outlier, clock, random: () => 0, onEjection: (e) => ejections.push(e) });
  balancer.update(ids.split('').map((id) => endpoint(id)));
  return { clock, balancer, ejections };
}

function pick(balancer: Balancer, tried: readonly EndpointState[] = []): EndpointState {
  const result = balancer.pick({ tried });
  if (result.kind !== 'endpoint') throw new Error(result.kind);
  return result.state;
}

function picks(balancer: Balancer, times: number): string {
  return Array.from({ length: times }, () => pick(balancer).endpoint.id).join('');
}

function stateOf(balancer: Balancer, id: string): EndpointState {
  const found = balancer.endpoints.find((state) => state.endpoint.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
}

function attempt(balancer: Balancer, id: string, ok: boolean, times = 1): void {
  for (let n = 0; n < times; n++) {
    const state = stateOf(balancer, id);
    balancer.started(state);
    balancer.finished(state, { ok, latencyMs: 5 });
  }
}

describe('createBalancer', () => {
  it('has no instance until it is given one, and none again after close', () => {
    const balancer = createBalancer({ rule: 'random' });
    expect(balancer.pick({ tried: [] })).toEqual({ kind: 'no-instance' });
    balancer.update([endpoint('a')]);
    expect(picks(balancer, 1)).toBe('a');
    balancer.close();
    expect(balancer.pick({ tried: [] })).toEqual({ kind: 'no-instance' });
  });

  it('avoids endpoints that were tried while others exist', () => {
    const { balancer } = setUp('abc');
    const [a, b, c] = [stateOf(balancer, 'a'), stateOf(balancer, 'b'), stateOf(balancer, 'c')];
    for (let n = 0; n < 5; n++) expect(pick(balancer, [a, c])).toBe(b);
    expect([a, b, c]).toContain(pick(balancer, [a, b, c]));
  });

  it.each<BalancingRule>(['round-robin', 'random', 'weighted', 'least-request', 'peak-ewma'])(
    'gives weight 0 nothing under %s',
    (rule) => {
      const balancer = createBalancer({ rule });
      balancer.update([endpoint('a', { weight: 0 }), endpoint('b', { weight: 2 }), endpoint('c', { weight: 1 })]);
      expect(picks(balancer, 60)).toMatch(/^[bc]+$/);
      balancer.update([endpoint('a', { weight: 0 })]);
      expect(balancer.pick({ tried: [] }).kind).toBe('no-instance');
    },
  );

  it('keeps what it knows by endpoint id when the set changes', () => {
    const { balancer, ejections } = setUp('abcd');
    const a = stateOf(balancer, 'a');
    balancer.started(a);
    attempt(balancer, 'b', false, 3);
    balancer.update([endpoint('b', { weight: 7 }), endpoint('a'), endpoint('x')]);
    expect(stateOf(balancer, 'a')).toBe(a);
    expect(a.active).toBe(1);
    expect(stateOf(balancer, 'b')).toMatchObject({ available: false, endpoint: { weight: 7 } });
    expect(ejections).toHaveLength(1);
  });

  it('forgets failures when an id moves to another address', () => {
    const { balancer, ejections, clock } = setUp('ab');
    attempt(balancer, 'a', false, 3);
    expect(picks(balancer, 3)).toBe('bbb');
    balancer.update([endpoint('a', { port: 81 }), endpoint('b')]);
    expect(stateOf(balancer, 'a').available).toBe(true);
    expect(ejections.map((e) => [e.ejected, e.reason])).toEqual([
      [true, '3 consecutive failures, out for 1000 ms'],
      [false, 'its address changed'],
    ]);
    expect(clock.pending).toBe(0);
  });

  it('sends to the faster one under peak-ewma, and counts failures as slow', () => {
    const { balancer, clock } = setUp('ab', OUTLIER, 'peak-ewma');
    clock.advance(10);
    balancer.started(stateOf(balancer, 'a'));
    balancer.finished(stateOf(balancer, 'a'), { ok: true, latencyMs: 80 });
    expect(picks(balancer, 3)).toBe('bbb');
    balancer.started(stateOf(balancer, 'b'));
    balancer.finished(stateOf(balancer, 'b'), { ok: false, latencyMs: 1 });
    expect(picks(balancer, 3)).toBe('aaa');
  });
});

describe('outlier ejection', () => {
  it('needs failures in a row', () => {
    const { balancer } = setUp('ab');
    attempt(balancer, 'a', false, 2);
    attempt(balancer, 'a', true);
    attempt(balancer, 'a', false, 2);
    expect(stateOf(balancer, 'a').available).toBe(true);
    attempt(balancer, 'a', false);
    expect(stateOf(balancer, 'a').available).toBe(false);
    expect(picks(balancer, 4)).toBe('bbbb');
  });

  it('does not count what the caller gave up', () => {
    const { balancer } = setUp('ab');
    const a = stateOf(balancer, 'a');
    for (let n = 0; n < 5; n++) {
      balancer.started(a);
      balancer.finished(a, { ok: false, latencyMs: 5, cancelled: true });
    }
    expect(a).toMatchObject({ available: true, active: 0 });
  });

  it('doubles up to the longest time, and forgives a doubling per base time in service', () => {
    const { balancer, clock, ejections } = setUp('ab');
    const a = stateOf(balancer, 'a');
    for (const expected of [1_000, 2_000, 3_000]) {
      attempt(balancer, 'a', false, 3);
      expect(ejections.at(-1)?.reason).toBe(`3 consecutive failures, out for ${expected} ms`);
      clock.advance(expected - 1);
      expect(a.available).toBe(false);
      clock.advance(1);
      expect(a.available).toBe(true);
      expect(ejections.at(-1)).toMatchObject({ ejected: false, endpoint: { id: 'a' } });
    }
    // Three doublings pending; two base times forgive two of them.
    clock.advance(2_999);
    attempt(balancer, 'a', false, 3);
    expect(ejections.at(-1)?.reason).toMatch(/out for 2000 ms$/);
  });

  it('never takes more than the allowed share', () => {
    const { balancer } = setUp('abc');
    attempt(balancer, 'a', false, 3);
    attempt(balancer, 'b', false, 9);
    expect(balancer.endpoints.map((state) => state.available)).toEqual([false, true, true]);
  });

  it('uses all when all are out', () => {
    const { balancer } = setUp('ab', { ...OUTLIER, maxEjectionPercent: 100 });
    attempt(balancer, 'a', false, 3);
    attempt(balancer, 'b', false, 3);
    expect(balancer.endpoints.map((state) => state.available)).toEqual([false, false]);
    expect(picks(balancer, 2).split('').sort()).toEqual(['a', 'b']);
  });

  it('ignores answers of an endpoint that has left, and stops its timer', () => {
    const { balancer, clock, ejections } = setUp('ab');
    const a = stateOf(balancer, 'a');
    balancer.started(a);
    attempt(balancer, 'a', false, 3);
    balancer.update([endpoint('b')]);
    expect(clock.pending).toBe(0);
    for (let n = 0; n < 4; n++) {
      balancer.started(a);
      balancer.finished(a, { ok: false, latencyMs: 1 });
    }
    expect(ejections.map((e) => e.ejected)).toEqual([true, false]);
    expect(clock.pending).toBe(0);
  });
});
