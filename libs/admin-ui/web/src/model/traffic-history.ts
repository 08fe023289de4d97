import type { Second } from './wire.ts';

/** Seconds that the charts look back. */
export const HISTORY_SECONDS = 300;
/** Seconds over which the rate of a route or service is averaged, so that quiet ones do not flicker. */
const RATE_SECONDS = 10;

export interface Traffic {
  readonly last?: Second;
  /** Oldest first, at most `HISTORY_SECONDS`. */
  readonly history: readonly Second[];
}

/** `p99Ms` is the worst of the seconds that had traffic. */
export interface Rate {
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

/** Rates of one route or service over the last seconds; undefined while nothing is known of it. */
export function rateOf({ history }: Traffic, kind: 'routes' | 'services', name: string): Rate | undefined {
  const recent = history.slice(-RATE_SECONDS);
  let requests = 0;
  let errors = 0;
  let p99Ms: number | null = null;
  let known = false;
  for (const second of recent) {
    const counts = second[kind]?.[name];
    if (!counts) continue;
    known = true;
    requests += counts.requests;
    errors += counts.errors;
    if (counts.requests > 0 && counts.p99Ms !== null) p99Ms = Math.max(p99Ms ?? 0, counts.p99Ms);
  }
  if (!known) return undefined;
  return { perSecond: requests / recent.length, errorsPerSecond: errors / recent.length, p99Ms };
}
