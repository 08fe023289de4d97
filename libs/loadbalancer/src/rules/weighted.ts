import type { TrackedEndpoint } from '../tracked-endpoint.ts';
import { candidateAt, type Candidates, type Rule } from './rule.ts';

/** The share of one candidate at this moment. */
export type WeightOf = (candidate: TrackedEndpoint) => number;

const byWeight: WeightOf = (candidate) => candidate.endpoint.weight;

/**
 * nginx's smooth weighted round robin: weights 5, 1, 1 give a a b a c a a, never five in a row. Each pick adds every
 * weight to its running total and takes the total of all from the winner's, which keeps the sum of totals constant.
 */
export class SmoothWeighted implements Rule {
  readonly #weightOf: WeightOf;

  constructor(weightOf: WeightOf = byWeight) {
    this.#weightOf = weightOf;
  }

  choose({ list }: Candidates): TrackedEndpoint {
    let best = candidateAt(list, 0);
    let total = 0;
    for (const candidate of list) {
      const weight = this.#weightOf(candidate);
      total += weight;
      candidate.currentWeight += weight;
      if (candidate.currentWeight > best.currentWeight) best = candidate;
    }
    best.currentWeight -= total;
    return best;
  }
}
