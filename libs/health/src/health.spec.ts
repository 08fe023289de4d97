import { ControlPlaneGuards } from './control-plane-guards.ts';
import { guardCall } from './guarded-call.ts';
import { Health, httpStatusOf, type HealthIndicator } from './health.ts';

const up: HealthIndicator = { name: 'routes', groups: ['readiness'], check: () => ({ status: 'UP' }) };

describe('Health', () => {
  it('takes the worst of a group', async () => {
    const draining: HealthIndicator = {
      name: 'drain',
      groups: ['readiness'],
      check: () => ({ status: 'OUT_OF_SERVICE' }),
    };
    const alive: HealthIndicator = { name: 'process', groups: ['liveness'], check: async () => ({ status: 'UP' }) };
    const health = new Health([up, draining, alive]);
    expect(await health.report('readiness')).toEqual({
      status: 'OUT_OF_SERVICE',
      components: { routes: { status: 'UP' }, drain: { status: 'OUT_OF_SERVICE' } },
    });
    expect((await health.report('liveness')).status).toBe('UP');
    expect((await health.report()).status).toBe('OUT_OF_SERVICE');
    expect(httpStatusOf('OUT_OF_SERVICE')).toBe(503);
    expect(httpStatusOf('UNKNOWN')).toBe(200);
  });

  it('is down with the reason when an indicator throws or hangs', async () => {
    const throws: HealthIndicator = { name: 'a', groups: [], check: () => Promise.reject(new Error('gone')) };
    const hangs: HealthIndicator = { name: 'b', groups: [], check: () => new Promise(() => undefined) };
    expect((await new Health([up, throws, hangs], 5).report()).components).toEqual({
      routes: { status: 'UP' },
      a: { status: 'DOWN', details: { error: 'gone' } },
      b: { status: 'DOWN', details: { error: 'no answer within 5 ms' } },
    });
  });
});

describe('guardCall', () => {
  it('stops calling what keeps failing', async () => {
    let calls = 0;
    const guarded = guardCall(
      async (name: string) => {
        calls += 1;
        throw new Error(`${name} is down`);
      },
      { name: 'registry', timeoutMs: 100, resetMs: 60_000 },
    );
    for (let i = 0; i < 3; i++) await expect(guarded('registry')).rejects.toThrow('registry is down');
    expect(guarded.state).toBe('open');
    expect(guarded.lastFailure).toBe('registry is down');
    await expect(guarded('registry')).rejects.toThrow('Breaker is open');
    expect(calls).toBe(3);
    guarded.close();
  });
});

it('shows every guarded call of a process, and is up whatever their state', async () => {
  const guards = new ControlPlaneGuards();
  const registry = guards.guard(() => Promise.reject(new Error('refused')), { name: 'registry', resetMs: 60_000 });
  const bus = guards.guard(async () => 'sent', { name: 'bus', timeoutMs: 100, resetMs: 60_000 });
  for (let i = 0; i < 3; i++) await registry().catch(() => undefined);
  expect(await bus()).toBe('sent');
  expect(await guards.indicator.check()).toEqual({
    status: 'UP',
    details: { registry: { state: 'open', lastFailure: 'refused' }, bus: { state: 'closed' } },
  });
  guards.close();
});

it('tries again after the pause, and goes on when that succeeds', async () => {
  let down = true;
  const guarded = guardCall(() => (down ? Promise.reject(new Error('down')) : Promise.resolve('up')), {
    name: 'registry',
    resetMs: 20,
  });
  for (let i = 0; i < 3; i++) await guarded().catch(() => undefined);
  down = false;
  while (guarded.state === 'open') await new Promise(setImmediate);
  expect(guarded.state).toBe('half-open');
  expect(await guarded()).toBe('up');
  expect(guarded.state).toBe('closed');
  guarded.close();
});
