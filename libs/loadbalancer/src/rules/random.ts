import type { TrackedEndpoint } from '../tracked-endpoint.ts';
import { candidateAt, type Candidates, type Rule } from './rule.ts';

/** Any, with equal chance. */
export class Random implements Rule {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  choose({ list }: Candidates): TrackedEndpoint {
    return candidateAt(list, Math.floor(this.#random() * list.length));
  }
}
