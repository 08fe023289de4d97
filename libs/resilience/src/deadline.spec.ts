import { attemptDeadline, deadlineAfter, fitsBefore, isExpired, NO_DEADLINE, remainingMs } from './deadline.ts';

describe('deadlines', () => {
  it('are infinitely far without a timeout', () => {
    const deadline = deadlineAfter(100, undefined);
    expect(deadline).toBe(NO_DEADLINE);
    expect(isExpired(deadline, Number.MAX_VALUE)).toBe(false);
    expect(remainingMs(deadline, 5)).toBe(Number.POSITIVE_INFINITY);
    expect(fitsBefore(deadline, 0, 1e12)).toBe(true);
  });

  it('are too late at the moment itself', () => {
    const deadline = deadlineAfter(100, 50);
    expect([isExpired(deadline, 149), isExpired(deadline, 150)]).toEqual([false, true]);
    expect([remainingMs(deadline, 120), remainingMs(deadline, 150), remainingMs(deadline, 151)]).toEqual([30, 0, 0]);
    expect([fitsBefore(deadline, 100, 49), fitsBefore(deadline, 100, 50)]).toEqual([true, false]);
  });

  it('of an attempt never pass that of the request', () => {
    expect(attemptDeadline(500, 100, 50)).toBe(150);
    expect(attemptDeadline(120, 100, 50)).toBe(120);
    expect(attemptDeadline(120, 100, undefined)).toBe(120);
  });
});
