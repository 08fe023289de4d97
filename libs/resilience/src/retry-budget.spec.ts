import { ManualClock } from '#testing';
import { RetryBudget } from './retry-budget.ts';

function setUp(ratio: number, minPerSecond: number) {
  const clock = new ManualClock();
  const budget = new RetryBudget({ ratio, minPerSecond, clock });
  const requests = (count: number) => {
    for (let n = 0; n < count; n++) budget.onRequest();
  };
  const granted = () => {
    let count = 0;
    while (count < 10_000 && budget.tryRetry()) count++;
    return count;
  };
  return { clock, requests, granted };
}

describe('RetryBudget', () => {
  it('grants a share of the requests', () => {
    const { requests, granted } = setUp(0.2, 0);
    requests(4);
    expect(granted()).toBe(0);
    requests(1);
    expect(granted()).toBe(1);
    requests(10);
    expect(granted()).toBe(2);
  });

  it('is exact where floating point is not', () => {
    const { requests, granted } = setUp(0.29, 0);
    requests(100);
    expect(granted()).toBe(29);
  });

  it('has ten seconds of the minimum in reserve', () => {
    const { clock, granted } = setUp(0.2, 3);
    expect(granted()).toBe(30);
    clock.advance(9_999);
    expect(granted()).toBe(0);
    clock.advance(1);
    expect(granted()).toBe(30);
  });

  it('forgets requests and retries after ten seconds, second by second', () => {
    const { clock, requests, granted } = setUp(0.5, 0);
    requests(10);
    clock.advance(5_000);
    requests(10);
    expect(granted()).toBe(10);
    clock.advance(5_000);
    // The first ten requests are gone, the retries of the fifth second are not.
    expect(granted()).toBe(0);
    clock.advance(60_000);
    requests(4);
    expect(granted()).toBe(2);
  });

  it('grants nothing when it is zero', () => {
    const { requests, granted } = setUp(0, 0);
    requests(100);
    expect(granted()).toBe(0);
  });
});
