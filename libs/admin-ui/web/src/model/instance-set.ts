import type { InstanceView, RegistryChange, RegistrySnapshot } from './wire.ts';

/** An instance with what searching and sorting would otherwise compute 20,000 times per key stroke. */
export interface Entry {
  readonly key: string;
  readonly sortKey: string;
  view: InstanceView;
  haystack: string;
  /** When this browser saw it change last; 0 for what came with the snapshot. */
  changedAt: number;
}

/** The registry as the change stream tells it. Entries are changed in place; `revision` tells that any did. */
export class InstanceSet {
  readonly #entries = new Map<string, Entry>();
  readonly #sizes = new Map<string, number>();
  #sorted: Entry[] | undefined;
  #revision = 0;

  get revision(): number {
    return this.#revision;
  }

  reset(snapshot: RegistrySnapshot): void {
    this.#entries.clear();
    this.#sizes.clear();
    this.#sorted = undefined;
    for (const view of snapshot.instances) this.#put(view, 0);
    this.#revision += 1;
  }

  apply(change: RegistryChange, now: number): void {
    for (const { type, instance } of change.changes) {
      if (type === 'removed') {
        this.#remove(instance);
      } else {
        this.#put(instance, now);
      }
    }
    this.#revision += 1;
  }

  /** Takes over heartbeats of instances that are there. Answers whether there were any. */
  renew(views: readonly InstanceView[]): boolean {
    let renewed = false;
    for (const { service, id, lastRenewalAt, expiresAt, held } of views) {
      const entry = this.#entries.get(keyOf({ service, id }));
      if (!entry || (lastRenewalAt ?? 0) <= (entry.view.lastRenewalAt ?? 0)) continue;
      entry.view = { ...entry.view, lastRenewalAt, expiresAt, held };
      renewed = true;
    }
    if (renewed) this.#revision += 1;
    return renewed;
  }

  /** Number of instances of a service. */
  sizeOf(service: string): number {
    return this.#sizes.get(service.toLowerCase()) ?? 0;
  }

  /** By service, then by id. */
  sorted(): readonly Entry[] {
    this.#sorted ??= [...this.#entries.values()].sort((a, b) =>
      a.sortKey < b.sortKey ? -1 : Number(a.sortKey > b.sortKey),
    );
    return this.#sorted;
  }

  find(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  #put(view: InstanceView, changedAt: number): void {
    const key = keyOf(view);
    const entry = this.#entries.get(key);
    if (entry) {
      // A renewal moves the lease only; it is no change worth a highlight.
      if (visibleState(entry.view) !== visibleState(view)) entry.changedAt = changedAt;
      entry.view = view;
      entry.haystack = haystackOf(view);
      return;
    }
    const sortKey = `${view.service.toLowerCase()}\0${view.id}`;
    this.#entries.set(key, { key, sortKey, view, haystack: haystackOf(view), changedAt });
    this.#resize(view.service, 1);
  }

  #remove(view: InstanceView): void {
    if (this.#entries.delete(keyOf(view))) this.#resize(view.service, -1);
  }

  #resize(service: string, by: number): void {
    this.#sizes.set(service.toLowerCase(), this.sizeOf(service) + by);
    this.#sorted = undefined;
  }
}

/** Ids are unique within a service only; services are compared without case. */
export function keyOf(view: Pick<InstanceView, 'service' | 'id'>): string {
  return `${view.service.toLowerCase()}/${view.id}`;
}

function visibleState(view: InstanceView): string {
  return JSON.stringify([view.status, view.weight, view.zone, view.host, view.port, view.held, view.metadata]);
}

function haystackOf(view: InstanceView): string {
  const metadata = Object.entries(view.metadata ?? {}).flat();
  return [view.service, view.id, `${view.host}:${view.port}`, view.zone, view.status, view.protocol, ...metadata]
    .join(' ')
    .toLowerCase();
}
