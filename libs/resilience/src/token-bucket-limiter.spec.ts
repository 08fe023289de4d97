import { ManualClock } from '#testing';
import { TokenBucketLimiter } from './token-bucket-limiter.ts';

function setUp(replenishRate: number, burstCapacity: number, maxKeys?: number) {
  const clock = new ManualClock();
  const limiter = new TokenBucketLimiter({ replenishRate, burstCapacity, clock, ...(maxKeys && { maxKeys }) });
  return { clock, limiter };
}

describe('TokenBucketLimiter', () => {
  it('starts full and refills continuously up to its size', () => {
    const { clock, limiter } = setUp(2, 3);
    expect([1, 2, 3].map(() => limiter.take('a', 1).remaining)).toEqual([2, 1, 0]);
    expect(limiter.take('a', 1)).toMatchObject({ allowed: false, remaining: 0 });
    clock.advance(499);
    expect(limiter.take('a', 1).allowed).toBe(false);
    clock.advance(1);
    expect(limiter.take('a', 1).allowed).toBe(true);
    clock.advance(60_000);
    expect(limiter.take('a', 1)).toMatchObject({ allowed: true, remaining: 2 });
  });

  it('adds many small refills up without losing a token', () => {
    const { clock, limiter } = setUp(1, 60);
    expect(limiter.take('a', 60).allowed).toBe(true);
    for (let second = 0; second < 60_000 / 7; second++) {
      clock.advance(7);
      limiter.take('a', 61);
    }
    clock.advance(60_000 % 7);
    expect(limiter.take('a', 60).allowed).toBe(true);
  });

  it('keeps keys apart and charges nothing for a refusal', () => {
    const { limiter } = setUp(1, 5);
    expect(limiter.take('a', 4).allowed).toBe(true);
    expect(limiter.take('a', 4)).toMatchObject({ allowed: false, remaining: 1 });
    expect(limiter.take('a', 1).allowed).toBe(true);
    expect(limiter.take('b', 5).allowed).toBe(true);
  });

  it('never allows what is larger than the bucket', () => {
    const { clock, limiter } = setUp(1, 1);
    clock.advance(1e6);
    expect(limiter.take('a', 2).allowed).toBe(false);
  });

  it('holds a bounded number of keys and keeps the one in use', () => {
    const { limiter } = setUp(0, 100, 10);
    for (let n = 0; n < 99; n++) {
      limiter.take('in use', 1);
      for (let other = 0; other < 5; other++) limiter.take(`other ${n} ${other}`, 1);
      expect(limiter.size).toBeLessThanOrEqual(20);
    }
    expect(limiter.take('in use', 1)).toMatchObject({ allowed: true, remaining: 0 });
    expect(limiter.take('in use', 1).allowed).toBe(false);
  });
});
