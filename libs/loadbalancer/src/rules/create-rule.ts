import type { Clock } from '#kernel';
import type { BalancingRule } from '#traffic';
import { LeastRequest } from './least-request.ts';
import { PowerOfTwo } from './power-of-two.ts';
import { Random } from './random.ts';
import { RoundRobin } from './round-robin.ts';
import type { Rule } from './rule.ts';
import { SmoothWeighted } from './weighted.ts';

const RULES: Readonly<Record<BalancingRule, (clock: Clock, random: () => number) => Rule>> = {
  'round-robin': (_clock, random) => new RoundRobin(random),
  random: (_clock, random) => new Random(random),
  weighted: () => new SmoothWeighted(),
  'least-request': (_clock, random) => new LeastRequest(random),
  'peak-ewma': (clock, random) =>
    new PowerOfTwo(random, (candidate) => candidate.latency.at(clock.monotonic()) * (candidate.active + 1)),
};

/** A fresh instance of the rule that the model names. */
export function createRule(name: BalancingRule, clock: Clock, random: () => number): Rule {
  return RULES[name](clock, random);
}
