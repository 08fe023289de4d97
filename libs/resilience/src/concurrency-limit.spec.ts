import { ConcurrencyLimit } from './concurrency-limit.ts';

describe('ConcurrencyLimit', () => {
  it('refuses one more than the limit', () => {
    const limit = new ConcurrencyLimit(2);
    expect([limit.tryAcquire(), limit.tryAcquire(), limit.tryAcquire()]).toEqual([true, true, false]);
    limit.release();
    expect([limit.tryAcquire(), limit.tryAcquire()]).toEqual([true, false]);
    expect(limit.inFlight).toBe(2);
  });

  it('follows a limit that is lowered while work is under way', () => {
    const limit = new ConcurrencyLimit(2);
    limit.tryAcquire();
    limit.tryAcquire();
    limit.limit = 1;
    limit.release();
    expect(limit.tryAcquire()).toBe(false);
    limit.release();
    expect(limit.tryAcquire()).toBe(true);
  });

  it('shows a double release instead of growing', () => {
    const limit = new ConcurrencyLimit(1);
    expect(() => limit.release()).toThrow(RangeError);
  });
});
