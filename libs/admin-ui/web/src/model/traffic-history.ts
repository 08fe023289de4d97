import type { Counts, Second } from './wire.ts';

/** Seconds that the charts look back. */
export const HISTORY_SECONDS = 300;
/** Seconds over which a route's rate is averaged, so that quiet routes do not flicker. */
const RATE_SECONDS = 10;

export interface Traffic {
  readonly last?: Second;
  /** Oldest first, at most `HISTORY_SECONDS`. */
  readonly history: readonly Second[];
}

export interface RouteTraffic {
  readonly perSecond: number;
  readonly errorsPerSecond: number;
  readonly p99Ms: number | null;
}

export function remember(traffic: Traffic, second: Second): Traffic {
  const oldest = second.at - HISTORY_SECONDS * 1000;
  return { last: second, history: [...traffic.history.filter(({ at }) => at > oldest && at < second.at), second] };
}

/** Adds up the outcomes of the last minute, most frequent first. */
export function outcomesOfLastMinute({ history }: Traffic): (readonly [outcome: string, requests: number])[] {
  const totals = new Map<string, number>();
  for (const { outcomes } of history.slice(-60)) {
    for (const [outcome, requests] of Object.entries(outcomes ?? {})) {
      if (requests > 0) totals.set(outcome, (totals.get(outcome) ?? 0) + requests);
    }
  }
  return [...totals].sort((a, b) => b[1] - a[1]);
}

/** Rates of every route that had traffic within the last seconds. */
export function routeTraffic({ history }: Traffic): Map<string, RouteTraffic> {
  const recent = history.slice(-RATE_SECONDS);
  const sums = new Map<string, { requests: number; errors: number; p99Ms: number | null }>();
  for (const { routes } of recent) {
    for (const [id, counts] of Object.entries(routes ?? {})) add(sums, id, counts);
  }
  const seconds = Math.max(1, recent.length);
  return new Map(
    [...sums].map(([id, { requests, errors, p99Ms }]) => [
      id,
      { perSecond: requests / seconds, errorsPerSecond: errors / seconds, p99Ms },
    ]),
  );
}

function add(
  sums: Map<string, { requests: number; errors: number; p99Ms: number | null }>,
  id: string,
  { requests, errors, p99Ms }: Counts,
): void {
  const sum = sums.get(id) ?? { requests: 0, errors: 0, p99Ms: null };
  sum.requests += requests;
  sum.errors += errors;
  if (requests > 0 && p99Ms !== null) sum.p99Ms = Math.max(sum.p99Ms ?? 0, p99Ms);
  sums.set(id, sum);
}
