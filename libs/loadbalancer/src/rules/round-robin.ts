import type { TrackedEndpoint } from '../tracked-endpoint.ts';
import { candidateAt, type Candidates, type Rule } from './rule.ts';

/** Each in turn, weights aside. Starts anywhere, so that many gateways do not all begin with the same instance. */
export class RoundRobin implements Rule {
  #next: number;

  constructor(random: () => number) {
    this.#next = Math.floor(random() * 0x10000);
  }

  choose({ list }: Candidates): TrackedEndpoint {
    const index = this.#next % list.length;
    this.#next = (this.#next + 1) % Number.MAX_SAFE_INTEGER;
    return candidateAt(list, index);
  }
}
