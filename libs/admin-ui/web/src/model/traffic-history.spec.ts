import { HISTORY_SECONDS, outcomesOfLastMinute, rateOf, remember, type Traffic } from './traffic-history.ts';
import type { Second } from './wire.ts';

function second(at: number, more: Partial<Second> = {}): Second {
  return { at, requests: 1, errors: 0, inFlight: 0, p50Ms: 1, p99Ms: 2, ...more };
}

function history(...seconds: readonly Second[]): Traffic {
  let traffic: Traffic = { history: [] };
  for (const each of seconds) traffic = remember(traffic, each);
  return traffic;
}

describe('traffic history', () => {
  it('keeps five minutes', () => {
    const traffic = history(...Array.from({ length: 1000 }, (_, index) => second(index * 1000)));
    expect(traffic.history).toHaveLength(HISTORY_SECONDS);
    expect(traffic.history.at(-1)).toBe(traffic.last);
  });

  it('drops what a clock set back makes contradictory', () => {
    expect(history(second(5000), second(6000), second(5500)).history.map(({ at }) => at)).toEqual([5000, 5500]);
  });

  it('adds up the outcomes of the last minute only, most frequent first', () => {
    const traffic = history(
      second(0, { outcomes: { 'no-route': 99 } }),
      ...Array.from({ length: 60 }, (_, index) =>
        second((index + 1) * 1000, { outcomes: { success: 2, 'rate-limited': 0, 'upstream-reset': 1 } }),
      ),
    );
    expect(outcomesOfLastMinute(traffic)).toEqual([
      ['success', 120],
      ['upstream-reset', 60],
    ]);
  });

  it('averages the rate of a route over ten seconds and shows its worst p99', () => {
    const counts = (requests: number, p99Ms: number) => ({ requests, errors: 1, p50Ms: 1, p99Ms });
    const traffic = history(
      ...Array.from({ length: 9 }, (_, index) => second(index * 1000)),
      second(9000, { routes: { orders: counts(20, 40), idle: { requests: 0, errors: 0, p50Ms: null, p99Ms: null } } }),
      second(10_000, { routes: { orders: counts(10, 15) } }),
    );
    expect(rateOf(traffic, 'routes', 'orders')).toEqual({ perSecond: 3, errorsPerSecond: 0.2, p99Ms: 40 });
    expect(rateOf(traffic, 'routes', 'idle')).toEqual({ perSecond: 0, errorsPerSecond: 0, p99Ms: null });
    expect(rateOf(traffic, 'services', 'orders')).toBeUndefined();
    expect(rateOf({ history: [] }, 'routes', 'orders')).toBeUndefined();
  });
});
