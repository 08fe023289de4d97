import type { TrackedEndpoint } from '../tracked-endpoint.ts';
import { PowerOfTwo } from './power-of-two.ts';
import { candidateAt, type Candidates, type Rule } from './rule.ts';
import { SmoothWeighted } from './weighted.ts';

/** Up to here looking at all costs no more than drawing two, and chooses better. */
const FEW = 4;

/**
 * Fewest requests under way: of two drawn at random, of all where there are few. Unequal weights turn it into weighted
 * round robin with `weight / (active + 1)`, as Envoy does.
 */
export class LeastRequest implements Rule {
  readonly #random: () => number;
  readonly #ofTwo: PowerOfTwo;
  readonly #weighted = new SmoothWeighted((candidate) => candidate.endpoint.weight / (candidate.active + 1));

  constructor(random: () => number) {
    this.#random = random;
    this.#ofTwo = new PowerOfTwo(random, (candidate) => candidate.active);
  }

  choose(candidates: Candidates): TrackedEndpoint {
    if (!candidates.uniform) return this.#weighted.choose(candidates);
    return candidates.list.length > FEW ? this.#ofTwo.choose(candidates) : this.#leastOf(candidates.list);
  }

  /** Starts at a random place: idle endpoints would otherwise all lose to the first one. */
  #leastOf(list: readonly TrackedEndpoint[]): TrackedEndpoint {
    const count = list.length;
    const start = Math.floor(this.#random() * count);
    let best = candidateAt(list, start);
    for (let step = 1; step < count; step++) {
      const candidate = candidateAt(list, (start + step) % count);
      if (candidate.active < best.active) best = candidate;
    }
    return best;
  }
}
