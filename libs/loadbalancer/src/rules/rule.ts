import type { TrackedEndpoint } from '../tracked-endpoint.ts';

/** The endpoints that may be chosen now; never empty. */
export interface Candidates {
  readonly list: readonly TrackedEndpoint[];
  /** All weights are equal. */
  readonly uniform: boolean;
}

/** How one of several endpoints is chosen. Keeps its own counters, knows nothing of ejection or retries. */
export interface Rule {
  choose(candidates: Candidates): TrackedEndpoint;
}

/** The item at `index`, which the caller has kept within the list. */
export function candidateAt(list: readonly TrackedEndpoint[], index: number): TrackedEndpoint {
  const candidate = list[index];
  if (!candidate) throw new RangeError(`no candidate ${index} of ${list.length}`);
  return candidate;
}
