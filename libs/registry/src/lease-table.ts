import type { InstanceStatus } from '#kernel';
import type { InstanceInfo } from './instance-info.ts';
import type { Lease } from './lease.ts';

/** Service → id → lease, with the count by status kept as changes come. */
export class LeaseTable {
  readonly #apps = new Map<string, Map<string, Lease>>();
  readonly #counts = new Map<InstanceStatus, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(app: string, id: string): Lease | undefined {
    return this.#apps.get(app)?.get(id);
  }

  app(name: string): ReadonlyMap<string, Lease> | undefined {
    return this.#apps.get(name);
  }

  apps(): ReadonlyMap<string, ReadonlyMap<string, Lease>> {
    return this.#apps;
  }

  *leases(): IterableIterator<Lease> {
    for (const instances of this.#apps.values()) yield* instances.values();
  }

  /** Takes the place of a lease with the same service and id. */
  put(lease: Lease): void {
    const { app, id } = lease.info;
    let instances = this.#apps.get(app);
    if (instances === undefined) this.#apps.set(app, (instances = new Map()));
    const replaced = instances.get(id);
    if (replaced === undefined) this.#size += 1;
    else this.#count(replaced.info.status, -1);
    instances.set(id, lease);
    this.#count(lease.info.status, 1);
  }

  /** Does nothing when another lease has taken its place. */
  remove(lease: Lease): void {
    const { app, id, status } = lease.info;
    const instances = this.#apps.get(app);
    if (instances?.get(id) !== lease) return;
    instances.delete(id);
    if (instances.size === 0) this.#apps.delete(app);
    this.#size -= 1;
    this.#count(status, -1);
  }

  update(lease: Lease, info: InstanceInfo): void {
    this.#count(lease.info.status, -1);
    lease.info = info;
    this.#count(info.status, 1);
  }

  /**
   * Eureka's `apps__hashcode`: `DOWN_1_OUT_OF_SERVICE_2_UP_9_`, empty for an empty registry. Clients compare it with
   * what they computed from their own copy and fetch everything when it differs.
   */
  hash(): string {
    return [...this.#counts.keys()]
      .sort()
      .map((status) => `${status}_${this.#counts.get(status)}_`)
      .join('');
  }

  #count(status: InstanceStatus, by: number): void {
    const count = (this.#counts.get(status) ?? 0) + by;
    if (count === 0) this.#counts.delete(status);
    else this.#counts.set(status, count);
  }
}
