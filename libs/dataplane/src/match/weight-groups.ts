import type { Route } from '#traffic';

/** One group: whom the draw falls on, at most once per request. */
export class WeightGroup {
  readonly #random: () => number;
  readonly #members: number[] = [];
  /** Upper ends of the members' shares, up to the sum of weights. */
  readonly #ends: number[] = [];
  #sum = 0;
  #drawnFor = -1;
  #drawn = -1;

  constructor(random: () => number) {
    this.#random = random;
  }

  add(routeIndex: number, weight: number): void {
    this.#sum += Math.max(0, weight);
    this.#members.push(routeIndex);
    this.#ends.push(this.#sum);
  }

  /** Index of the route that this request may take; -1 when all weights are zero. */
  drawn(request: number): number {
    if (this.#drawnFor !== request) {
      this.#drawnFor = request;
      const point = this.#random() * this.#sum;
      const place = this.#sum > 0 ? this.#ends.findIndex((end) => point < end) : -1;
      this.#drawn = this.#members[place] ?? -1;
    }
    return this.#drawn;
  }
}

/** All groups of a route list. */
export function weightGroups(routes: readonly Route[], random: () => number): ReadonlyMap<string, WeightGroup> {
  const groups = new Map<string, WeightGroup>();
  for (const [index, route] of routes.entries()) {
    const { weight } = route.match;
    if (!weight) continue;
    let group = groups.get(weight.group);
    if (!group) groups.set(weight.group, (group = new WeightGroup(random)));
    group.add(index, weight.weight);
  }
  return groups;
}
