import { isDeepStrictEqual } from 'node:util';
import type { InstanceChange, InstanceView } from '#protocols/registry-api';
import { type CatalogEntry, instanceOf } from './catalog-instance.ts';

export interface Told {
  readonly changes: readonly InstanceChange[];
  /** Instances that are not taken because there are too many. */
  readonly refused: number;
}

/** What has been read of the catalog, up to a number of instances. */
export class KnownInstances {
  readonly #limit: number;
  readonly #services = new Map<string, ReadonlyMap<string, InstanceView>>();
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get all(): readonly InstanceView[] {
    return [...this.#services.values()].flatMap((instances) => [...instances.values()]);
  }

  /** Takes all that Consul tells of a service. Instances that were known come first where there are too many. */
  take(service: string, entries: readonly CatalogEntry[]): Told {
    const before = this.#services.get(service) ?? new Map<string, InstanceView>();
    const told = entries.map((entry) => instanceOf(service, entry)).filter((instance) => instance !== undefined);
    const wanted = [...told.filter(({ id }) => before.has(id)), ...told.filter(({ id }) => !before.has(id))];
    const taken = wanted.slice(0, Math.max(0, this.#limit - this.#count + before.size));
    const now = new Map(taken.map((instance) => [instance.id, instance]));
    this.#count += now.size - before.size;
    if (now.size === 0) this.#services.delete(service);
    else this.#services.set(service, now);
    return { changes: changesBetween(before, now), refused: wanted.length - taken.length };
  }

  clear(): void {
    this.#services.clear();
    this.#count = 0;
  }
}

function changesBetween(
  before: ReadonlyMap<string, InstanceView>,
  now: ReadonlyMap<string, InstanceView>,
): readonly InstanceChange[] {
  const changes: InstanceChange[] = [];
  for (const [id, instance] of before) if (!now.has(id)) changes.push({ type: 'removed', instance });
  for (const [id, instance] of now) {
    const former = before.get(id);
    if (former === undefined) changes.push({ type: 'added', instance });
    else if (!isDeepStrictEqual(former, instance)) changes.push({ type: 'modified', instance });
  }
  return changes;
}
