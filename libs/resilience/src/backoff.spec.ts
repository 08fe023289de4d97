import { backoffMs } from './backoff.ts';

const middle = () => 0.5;

describe('backoffMs', () => {
  it('is nothing without a policy', () => {
    expect(backoffMs(undefined, 3, middle)).toBe(0);
  });

  it('grows by the factor up to the largest pause', () => {
    const backoff = { firstMs: 5, maxMs: 30, factor: 2, jitter: 0.5 };
    expect([0, 1, 2, 3, 9].map((retry) => backoffMs(backoff, retry, middle))).toEqual([5, 10, 20, 30, 30]);
  });

  it('moves by the jitter within its bounds', () => {
    const backoff = { firstMs: 10, maxMs: 25, factor: 2, jitter: 0.5 };
    expect([0, 0.5, 0.999_999].map((draw) => Math.round(backoffMs(backoff, 1, () => draw)))).toEqual([10, 20, 25]);
    expect(backoffMs(backoff, 0, () => 0)).toBe(10);
    expect(Math.round(backoffMs({ firstMs: 10, factor: 2, jitter: 0.5 }, 1, () => 0.999_999))).toBe(30);
  });
});
