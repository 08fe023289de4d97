import type { Entry } from './instance-set.ts';

/** A service with at most so many instances is read whole: one request instead of one per row. */
const WHOLE_SERVICE = 200;

/** What to read of the registry to learn of heartbeats. */
export interface RefreshPlan {
  readonly services: readonly string[];
  readonly instances: readonly Entry[];
}

/**
 * Heartbeats are no changes and not in the change stream. For the leases on the screen they are asked for: not before
 * a third of the lease is gone, when the first can be due, and not again sooner than a tenth of it.
 */
export function planRefresh(
  visible: readonly Entry[],
  now: number,
  asked: ReadonlyMap<string, number>,
  sizeOf: (service: string) => number,
): RefreshPlan {
  const services = new Set<string>();
  const instances: Entry[] = [];
  for (const entry of visible) {
    const { service, ttlMs, lastRenewalAt } = entry.view;
    if (!ttlMs || !lastRenewalAt || services.has(service)) continue;
    const pause = Math.max(1000, ttlMs / 10);
    if (now - lastRenewalAt < ttlMs / 3 || now - (asked.get(entry.key) ?? 0) < pause) continue;
    if (sizeOf(service) <= WHOLE_SERVICE) services.add(service);
    else instances.push(entry);
  }
  return { services: [...services], instances };
}
