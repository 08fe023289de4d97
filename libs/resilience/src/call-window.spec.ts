import * as fc from 'fast-check';
import { CountWindow, TimeWindow } from './call-window.ts';

interface Call {
  readonly failed: boolean;
  readonly slow: boolean;
  readonly at: number;
}

const calls = fc.array(fc.record({ failed: fc.boolean(), slow: fc.boolean(), waitMs: fc.nat(1_500) }), {
  maxLength: 60,
});

function timed(steps: readonly { failed: boolean; slow: boolean; waitMs: number }[]): Call[] {
  let at = 0;
  return steps.map(({ waitMs, ...call }) => ({ ...call, at: (at += waitMs) }));
}

const sums = (list: readonly Call[]) => ({
  total: list.length,
  failed: list.filter((call) => call.failed).length,
  slow: list.filter((call) => call.slow).length,
});

const sumsOf = ({ total, failed, slow }: { total: number; failed: number; slow: number }) => ({ total, failed, slow });

describe('CountWindow', () => {
  it('holds the sums of the last calls', () => {
    fc.assert(
      fc.property(calls, fc.integer({ min: 1, max: 20 }), (steps, size) => {
        const window = new CountWindow(size);
        const seen: Call[] = [];
        for (const call of timed(steps)) {
          window.record(call.failed, call.slow);
          seen.push(call);
          expect(sumsOf(window)).toEqual(sums(seen.slice(-size)));
        }
        window.clear();
        expect(sumsOf(window)).toEqual(sums([]));
      }),
    );
  });
});

describe('TimeWindow', () => {
  it('holds the sums of the buckets that are not too old', () => {
    fc.assert(
      fc.property(calls, fc.integer({ min: 1, max: 6 }), fc.constantFrom(500, 1_000), (steps, buckets, bucketMs) => {
        const window = new TimeWindow(buckets * bucketMs, bucketMs);
        const seen: Call[] = [];
        for (const call of timed(steps)) {
          window.record(call.failed, call.slow, call.at);
          seen.push(call);
          const oldest = Math.floor(call.at / bucketMs) - buckets;
          expect(sumsOf(window)).toEqual(sums(seen.filter(({ at }) => Math.floor(at / bucketMs) > oldest)));
        }
      }),
    );
  });
});
