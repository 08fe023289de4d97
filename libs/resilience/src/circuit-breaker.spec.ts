import { ManualClock } from '#testing';
import type { CircuitBreakerPolicy } from '#traffic';
import { HYSTRIX, type BreakerSemantics } from './breaker-semantics.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

const POLICY: CircuitBreakerPolicy = {
  name: 'orders',
  window: { kind: 'count', size: 10 },
  minimumCalls: 4,
  failureRateThreshold: 50,
  openMs: 5_000,
  halfOpenCalls: 3,
  failureStatuses: [],
};

function setUp(policy: Partial<CircuitBreakerPolicy> = {}, semantics?: BreakerSemantics) {
  const clock = new ManualClock();
  const changes: string[] = [];
  const breaker = new CircuitBreaker({
    policy: { ...POLICY, ...policy },
    clock,
    onTransition: ({ from, to }) => changes.push(`${from} > ${to}`),
    ...(semantics && { semantics }),
  });
  /** `+` success, `-` failure, `s` slow success; one character per call that must be permitted. */
  const calls = (outcomes: string): void => {
    for (const outcome of outcomes.split('')) {
      expect(breaker.tryAcquire()).toBe(true);
      if (outcome === '-') breaker.onFailure(10);
      else breaker.onSuccess(outcome === 's' ? 101 : 100);
    }
  };
  return { clock, breaker, changes, calls };
}

function opened(policy: Partial<CircuitBreakerPolicy> = {}) {
  const all = setUp(policy);
  all.calls('-'.repeat(policy.minimumCalls ?? POLICY.minimumCalls));
  expect(all.breaker.state).toBe('open');
  return all;
}

describe('a closed breaker', () => {
  it('opens at the threshold exactly, not below it', () => {
    const reaches = setUp();
    reaches.calls('+-+-');
    expect(reaches.breaker.state).toBe('open');
    const stays = setUp({ failureRateThreshold: 50.1 });
    stays.calls('+-+-');
    expect(stays.breaker.state).toBe('closed');
  });

  it('waits for the minimum of calls', () => {
    const { breaker, calls } = setUp();
    calls('---');
    expect(breaker.state).toBe('closed');
    expect(breaker.view().failureRate).toBeUndefined();
    calls('-');
    expect(breaker.state).toBe('open');
  });

  it('never waits for more calls than a count window holds', () => {
    const { breaker, calls } = setUp({ window: { kind: 'count', size: 2 }, minimumCalls: 100 });
    calls('--');
    expect(breaker.state).toBe('open');
  });

  it('judges by the last calls only', () => {
    const { breaker, calls } = setUp({ failureRateThreshold: 30 });
    calls('++++++++--');
    calls('++++++++');
    calls('--');
    expect(breaker.view()).toMatchObject({ state: 'closed', calls: 10, failedCalls: 2, failureRate: 20 });
    calls('-');
    expect(breaker.state).toBe('open');
  });

  it('counts a call as slow when it took longer than the limit', () => {
    const slow = { slowCallDurationMs: 100, slowCallRateThreshold: 75 };
    const { breaker, calls } = setUp(slow);
    calls('++ss');
    calls('ss');
    expect(breaker.view()).toMatchObject({ state: 'closed', slowCalls: 4, failureRate: 0 });
    calls('ss');
    expect(breaker.state).toBe('open');
  });

  it('does not count a cancelled call', () => {
    const { breaker, calls } = setUp();
    calls('---');
    breaker.tryAcquire();
    breaker.onCancelled();
    expect(breaker.view()).toMatchObject({ state: 'closed', calls: 3 });
  });

  it('forgets calls older than a time window, bucket by bucket', () => {
    const { breaker, calls, clock } = setUp({ window: { kind: 'time', ms: 3_000 } });
    calls('--');
    clock.advance(1_000);
    calls('-');
    expect(breaker.view().calls).toBe(3);
    clock.advance(1_999);
    expect(breaker.view().calls).toBe(3);
    clock.advance(1);
    expect(breaker.view()).toMatchObject({ calls: 1, failedCalls: 1 });
    clock.advance(60_000);
    expect(breaker.view().calls).toBe(0);
    calls('----');
    expect(breaker.state).toBe('open');
  });
});

describe('a closed breaker with a time window', () => {
  it('is judged by calls alone: successes that grow old do not open it', () => {
    const { breaker, calls, clock } = setUp({ window: { kind: 'time', ms: 2_000 }, minimumCalls: 2 });
    calls('+++');
    clock.advance(1_000);
    calls('--');
    clock.advance(1_000);
    expect(breaker.view()).toMatchObject({ calls: 2, failureRate: 100 });
    expect(breaker.tryAcquire()).toBe(true);
    expect(breaker.state).toBe('closed');
    breaker.onSuccess(1);
    expect(breaker.state).toBe('open');
  });
});

describe('an open breaker', () => {
  it('refuses until the wait is over, then lets the trials through, no timer involved', () => {
    const { breaker, clock, changes } = opened();
    expect(clock.pending).toBe(0);
    clock.advance(5_000);
    expect(breaker.tryAcquire()).toBe(false);
    expect(breaker.view()).toMatchObject({ state: 'open', refusedCalls: 1 });
    clock.advance(1);
    expect(breaker.state).toBe('open');
    expect([1, 2, 3, 4].map(() => breaker.tryAcquire())).toEqual([true, true, true, false]);
    expect(changes).toEqual(['closed > open', 'open > half-open']);
  });

  it('ignores answers to calls that began before it opened', () => {
    const { breaker, calls, clock } = setUp();
    breaker.tryAcquire();
    calls('----');
    breaker.onSuccess(1);
    breaker.onFailure(1);
    clock.advance(1);
    expect(breaker.view()).toMatchObject({ state: 'open', calls: 4 });
  });
});

describe('a half-open breaker', () => {
  function halfOpen(policy: Partial<CircuitBreakerPolicy> = {}) {
    const all = opened(policy);
    all.clock.advance(5_001);
    return all;
  }

  it('closes with an empty window when the trials are good', () => {
    const { breaker, calls, changes } = halfOpen();
    calls('+-+');
    expect(changes.at(-1)).toBe('half-open > closed');
    expect(breaker.view()).toMatchObject({ calls: 0, failedCalls: 0 });
    calls('---');
    expect(breaker.state).toBe('closed');
  });

  it('opens for another wait when they are not', () => {
    const { breaker, calls, clock } = halfOpen();
    calls('-+-');
    expect(breaker.state).toBe('open');
    clock.advance(5_000);
    expect(breaker.tryAcquire()).toBe(false);
  });

  it('judges the trials for slowness too', () => {
    const { breaker, calls } = halfOpen({ slowCallDurationMs: 100, slowCallRateThreshold: 60 });
    calls('ss+');
    expect(breaker.state).toBe('open');
  });

  it('judges after the minimum of calls if that is less', () => {
    const { breaker, calls } = halfOpen({ minimumCalls: 2, halfOpenCalls: 10, failureRateThreshold: 100 });
    calls('+');
    expect(breaker.state).toBe('half-open');
    calls('+');
    expect(breaker.state).toBe('closed');
  });

  it('gives a cancelled trial back', () => {
    const { breaker } = halfOpen();
    expect([1, 2, 3, 4].map(() => breaker.tryAcquire())).toEqual([true, true, true, false]);
    breaker.onCancelled();
    expect([1, 2].map(() => breaker.tryAcquire())).toEqual([true, false]);
    expect(breaker.view()).toMatchObject({ state: 'half-open', calls: 0, failureRate: undefined });
  });
});

describe('forced states', () => {
  it('refuses all, lets all through, or only counts', () => {
    const { breaker, calls, clock } = setUp();
    breaker.force('forced-open');
    clock.advance(1e9);
    expect(breaker.tryAcquire()).toBe(false);
    breaker.force('disabled');
    calls('------');
    expect(breaker.view()).toMatchObject({ state: 'disabled', calls: 0 });
    breaker.force('metrics-only');
    calls('------');
    expect(breaker.view()).toMatchObject({ state: 'metrics-only', calls: 6, failureRate: 100 });
    breaker.force('closed');
    expect(breaker.view().calls).toBe(0);
    calls('---');
    breaker.force('closed');
    expect(breaker.view().calls).toBe(0);
  });
});

describe('with the semantics of Hystrix', () => {
  const HYSTRIX_POLICY: Partial<CircuitBreakerPolicy> = {
    window: { kind: 'time', ms: 10_000 },
    minimumCalls: 20,
    halfOpenCalls: 1,
  };

  it('judges at most every 500 ms', () => {
    const { breaker, calls, clock } = setUp(HYSTRIX_POLICY, HYSTRIX);
    calls('-'.repeat(30));
    expect(breaker.state).toBe('closed');
    clock.advance(499);
    expect(breaker.tryAcquire()).toBe(true);
    breaker.onCancelled();
    clock.advance(1);
    expect(breaker.tryAcquire()).toBe(false);
    expect(breaker.state).toBe('open');
  });

  it.each([
    [20, 10, 'open'],
    [19, 19, 'closed'],
    [41, 20, 'closed'],
    [200, 100, 'open'],
  ])('compares whole percentages: %d calls with %d failures leave it %s', (total, failures, expected) => {
    const { breaker, calls, clock } = setUp(HYSTRIX_POLICY, HYSTRIX);
    calls('+'.repeat(total - failures) + '-'.repeat(failures));
    clock.advance(500);
    breaker.tryAcquire();
    expect(breaker.state).toBe(expected);
  });

  it('makes one trial, which re-opens when cancelled and closes on success', () => {
    const { breaker, calls, clock } = setUp(HYSTRIX_POLICY, HYSTRIX);
    calls('-'.repeat(20));
    clock.advance(500);
    breaker.tryAcquire();
    clock.advance(5_001);
    expect([breaker.tryAcquire(), breaker.tryAcquire()]).toEqual([true, false]);
    breaker.onCancelled();
    expect(breaker.state).toBe('open');
    clock.advance(5_001);
    calls('+');
    expect(breaker.view()).toMatchObject({ state: 'closed', calls: 0 });
  });
});
