import { ago, count, indicator, latency, percent, place, rate, span } from './format.ts';
import { problemsOf } from './problems.ts';
import { OVERSCAN, scrollTopShowing, visibleRange } from './visible-range.ts';
import type { Problem, RouteView } from './wire.ts';

describe('format', () => {
  it.each([
    [count(12_345), '12,345'],
    [count(1_234_567), '1.23M'],
    [rate(0), '0'],
    [rate(0.44), '0.4'],
    [rate(12.6), '13'],
    [latency(null), '–'],
    [latency(0), '0 ms'],
    [latency(0.123), '0.12 ms'],
    [latency(9.96), '10.0 ms'],
    [latency(1234), '1,234 ms'],
    [latency(12_345), '12.3 s'],
    [span(119_999), '119 s'],
    [span(120_000), '2 min'],
    [span(7_200_000), '2 h'],
    [span(172_800_000), '2 d'],
    [span(-5), '0 s'],
    [ago(999), 'now'],
    [ago(4000), '4 s ago'],
    [percent(0, 0), '0 %'],
    [percent(1, 300), '0.3 %'],
    [percent(50, 100), '50 %'],
    [place({ file: 'a.yml', line: 3, column: 9 }), 'a.yml:3'],
    [place({ file: 'a.yml' }), 'a.yml'],
    [place(null), ''],
  ])('%j is %j', (said, expected) => expect(said).toBe(expected));
});

describe('visible range', () => {
  it('covers what is seen and a little more, whatever the number of rows', () => {
    expect(visibleRange(0, 800, 40, 20_000)).toEqual([0, 20 + OVERSCAN]);
    expect(visibleRange(400_010, 800, 40, 20_000)).toEqual([10_000 - OVERSCAN, 10_021 + OVERSCAN]);
    expect(visibleRange(799_200, 800, 40, 20_000)).toEqual([19_980 - OVERSCAN, 20_000]);
  });

  it('stays within rows that a filter has taken away from under it', () => {
    expect(visibleRange(400_000, 800, 40, 3)).toEqual([3, 3]);
    expect(visibleRange(0, 800, 40, 0)).toEqual([0, 0]);
  });

  it('scrolls no further than needed', () => {
    expect(scrollTopShowing(5, 0, 400, 40)).toBe(0);
    expect(scrollTopShowing(10, 0, 400, 40)).toBe(40);
    expect(scrollTopShowing(2, 200, 400, 40)).toBe(80);
    expect(scrollTopShowing(5, 200, 400, 40, 40)).toBe(160);
    expect(scrollTopShowing(0, 200, 400, 40, 40)).toBe(0);
  });
});

describe('problemsOf', () => {
  const problem = (code: string, more: Partial<Problem> = {}): Problem => ({
    severity: 'warning',
    code,
    message: code,
    ...more,
  });
  const route = (id: string, ...problems: Problem[]): RouteView => {
    return { id, order: 0, dialect: 'zuul', predicate: '', target: '', filters: [], problems };
  };

  it('puts errors first, names the route, and says nothing twice', () => {
    const shared = problem('shared');
    const view = {
      version: 1,
      problems: [shared],
      routes: [route('a', shared, problem('bad', { severity: 'error' })), route('b', problem('own', { subject: 'x' }))],
    };
    expect(problemsOf(view).map(({ code, subject }) => [code, subject])).toEqual([
      ['bad', 'a'],
      ['shared', undefined],
      ['own', 'x'],
    ]);
    expect(problemsOf(undefined)).toEqual([]);
  });
});

it.each([
  ['controlPlane', 'Control plane'],
  ['livenessState', 'Liveness'],
  ['bus', 'Bus'],
])('names the health indicator %s %s', (name, words) => {
  expect(indicator(name)).toBe(words);
});
