import type { TrackedEndpoint } from '../tracked-endpoint.ts';
import { candidateAt, type Candidates, type Rule } from './rule.ts';

/** Lower is better. */
export type LoadOf = (candidate: TrackedEndpoint) => number;

/** Two distinct candidates at random, the less loaded wins, the first one on a tie. */
export class PowerOfTwo implements Rule {
  readonly #random: () => number;
  readonly #loadOf: LoadOf;

  constructor(random: () => number, loadOf: LoadOf) {
    this.#random = random;
    this.#loadOf = loadOf;
  }

  choose({ list }: Candidates): TrackedEndpoint {
    const count = list.length;
    if (count === 1) return candidateAt(list, 0);
    const i = Math.floor(this.#random() * count);
    let j = Math.floor(this.#random() * (count - 1));
    if (j >= i) j++;
    const first = candidateAt(list, i);
    const second = candidateAt(list, j);
    return this.#loadOf(second) < this.#loadOf(first) ? second : first;
  }
}
