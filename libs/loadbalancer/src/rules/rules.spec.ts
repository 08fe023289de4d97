import { TrackedEndpoint } from '../tracked-endpoint.ts';
import { LeastRequest } from './least-request.ts';
import { PowerOfTwo } from './power-of-two.ts';
import { Random } from './random.ts';
import { RoundRobin } from './round-robin.ts';
import type { Candidates, Rule } from './rule.ts';
import { SmoothWeighted } from './weighted.ts';

function tracked(id: string, weight = 1, active = 0): TrackedEndpoint {
  const endpoint = new TrackedEndpoint({ id, host: '10.0.0.1', port: 80, weight }, 0);
  endpoint.active = active;
  return endpoint;
}

function candidates(...list: TrackedEndpoint[]): Candidates {
  return { list, uniform: list.every((item) => item.endpoint.weight === list[0]?.endpoint.weight) };
}

/** Numbers of a list, over and over. */
function cycling(...values: number[]): () => number {
  let index = 0;
  return () => values[index++ % values.length] ?? 0;
}

function choose(rule: Rule, from: Candidates, times: number): string {
  return Array.from({ length: times }, () => rule.choose(from).endpoint.id).join('');
}

describe('RoundRobin', () => {
  it('takes each in turn from a random start, weights aside', () => {
    const from = candidates(tracked('a', 5), tracked('b'), tracked('c'));
    expect(choose(new RoundRobin(() => 0), from, 7)).toBe('abcabca');
    expect(choose(new RoundRobin(() => 1 / 0x10000), from, 4)).toBe('bcab');
  });
});

describe('Random', () => {
  it('covers the whole list and never leaves it', () => {
    const from = candidates(tracked('a'), tracked('b'), tracked('c'), tracked('d'));
    expect(choose(new Random(cycling(0, 0.25, 0.5, 0.999_999)), from, 4)).toBe('abcd');
  });
});

describe('SmoothWeighted', () => {
  it('spreads the heavy one as nginx does', () => {
    expect(choose(new SmoothWeighted(), candidates(tracked('a', 5), tracked('b', 1), tracked('c', 1)), 14)).toBe(
      'aabacaaaabacaa',
    );
  });

  it('keeps the share of fractions', () => {
    const picks = choose(new SmoothWeighted(), candidates(tracked('a', 0.5), tracked('b', 1.5)), 40);
    expect(picks.replaceAll('b', '')).toHaveLength(10);
  });
});

describe('LeastRequest', () => {
  it('looks at all while they are few, and shares idle ones out', () => {
    const from = candidates(tracked('a', 1, 3), tracked('b', 1, 1), tracked('c', 1, 2), tracked('d', 1, 9));
    for (const start of [0, 0.3, 0.6, 0.9]) expect(choose(new LeastRequest(() => start), from, 1)).toBe('b');
    const idle = candidates(tracked('a'), tracked('b'));
    expect(choose(new LeastRequest(cycling(0, 0.5)), idle, 4)).toBe('abab');
  });

  it('draws two of many, the first on a tie', () => {
    const from = candidates(...['a', 'b', 'c', 'd', 'e', 'f'].map((id, index) => tracked(id, 1, index)));
    // Draws index 5, then 0 of the five others.
    expect(choose(new LeastRequest(cycling(0.99, 0)), from, 1)).toBe('a');
    // Draws index 2, then 2 of the others, which is index 3.
    expect(choose(new LeastRequest(cycling(0.34, 0.4)), from, 1)).toBe('c');
  });

  it('weighs active requests against unequal weights', () => {
    const heavy = tracked('a', 3);
    const light = tracked('b', 1);
    const rule = new LeastRequest(() => 0);
    const picks = choose(rule, candidates(heavy, light), 40);
    expect(picks.replaceAll('b', '')).toHaveLength(30);
    heavy.active = 5;
    expect(choose(rule, candidates(heavy, light), 30).replaceAll('a', '')).toHaveLength(20);
  });
});

describe('PowerOfTwo', () => {
  it('never draws the same one twice and asks nothing when there is one', () => {
    const load = (item: TrackedEndpoint) => item.active;
    const pair = candidates(tracked('a', 1, 2), tracked('b', 1, 1));
    for (const draws of [
      [0, 0],
      [0, 0.9],
      [0.9, 0],
      [0.9, 0.9],
    ]) {
      expect(choose(new PowerOfTwo(cycling(...draws), load), pair, 1)).toBe('b');
    }
    const unused = () => {
      throw new Error('drawn');
    };
    expect(choose(new PowerOfTwo(unused, load), candidates(tracked('a')), 1)).toBe('a');
  });
});
