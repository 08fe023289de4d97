import type { Clock } from '#kernel';
import type { InstanceView, RegistryChanges, RegistrySnapshot } from '#protocols/registry-api';
import type { Endpoint, EndpointSet, TrafficConfig } from '#traffic';
import { addressOf, type KeptInstance, KeptInstances } from './kept-instances.ts';

/**
 * Which instances the discovered clusters have, as the registry tells it. Keeps what it knows when the registry is gone, and
 * for a while what a registry that restarted does not know yet.
 */
export class EndpointDirectory {
  readonly #services = new Map<string, Map<string, InstanceView>>();
  readonly #kept: KeptInstances;
  /** The run of the registry that told last. */
  #startedAt: number | undefined;
  /** True once a registry has told everything it knows. */
  loaded = false;

  /** `onDropped` hears which services lost instances because no registry told of them again in time. */
  constructor(clock: Clock, onDropped: (services: ReadonlySet<string>) => void) {
    this.#kept = new KeptInstances(clock, (instances) => {
      for (const instance of instances) this.#delete(instance);
      onDropped(new Set(instances.map(({ service }) => service)));
    });
  }

  get services(): readonly string[] {
    return [...this.#services.keys()];
  }

  /** Instances that are served although the registry does not tell of them. */
  get kept(): readonly KeptInstance[] {
    return this.#kept.list;
  }

  /** Answers the services that changed. */
  takeSnapshot({ instances, startedAt }: RegistrySnapshot): ReadonlySet<string> {
    const touched = new Set(this.#services.keys());
    const before = [...this.#services.values()].flatMap((known) => [...known.values()]);
    const restarted = this.loaded && (startedAt === undefined || startedAt !== this.#startedAt);
    this.#startedAt = startedAt;
    this.loaded = true;
    this.#services.clear();
    for (const instance of instances) {
      this.#put(instance);
      touched.add(instance.service);
    }
    const missing = before.filter(({ service, id }) => this.#services.get(service)?.has(id) !== true);
    const told = new Set(instances.map(addressOf));
    for (const instance of missing) {
      if (restarted && !told.has(addressOf(instance))) {
        this.#instancesOf(instance.service).set(instance.id, instance);
        this.#kept.keep(instance);
      } else {
        this.#kept.forget(instance);
      }
    }
    return touched;
  }

  takeChanges({ changes }: RegistryChanges): ReadonlySet<string> {
    const touched = new Set<string>();
    for (const { type, instance } of changes) {
      touched.add(instance.service);
      if (type === 'removed') {
        this.#kept.forget(instance);
        this.#delete(instance);
      } else {
        this.#put(instance);
      }
    }
    return touched;
  }

  /** Sets for the clusters of a configuration that are discovered, of all services or of those named. */
  endpointSets({ clusters }: TrafficConfig, services?: ReadonlySet<string>): readonly EndpointSet[] {
    return clusters.flatMap(({ id, endpoints }) => {
      if (endpoints.kind !== 'discovered') return [];
      const service = endpoints.service.toLowerCase();
      if (services !== undefined && !services.has(service)) return [];
      const instances = [...(this.#services.get(service)?.values() ?? [])];
      return [{ cluster: id, endpoints: instances.filter(({ status }) => status === 'UP').map(endpointOf) }];
    });
  }

  close(): void {
    this.#kept.clear();
  }

  #put(instance: InstanceView): void {
    this.#kept.forget(instance);
    const former = this.#kept.atAddressOf(instance);
    if (former !== undefined) {
      this.#kept.forget(former);
      this.#delete(former);
    }
    this.#instancesOf(instance.service).set(instance.id, instance);
  }

  #delete({ service, id }: InstanceView): void {
    const name = service.toLowerCase();
    const instances = this.#services.get(name);
    instances?.delete(id);
    if (instances?.size === 0) this.#services.delete(name);
  }

  #instancesOf(service: string): Map<string, InstanceView> {
    const name = service.toLowerCase();
    const instances = this.#services.get(name) ?? new Map<string, InstanceView>();
    this.#services.set(name, instances);
    return instances;
  }
}

function endpointOf({ id, host, port, weight, secure, zone }: InstanceView): Endpoint {
  return { id, host, port, weight, secure, ...(zone !== undefined && { zone }) };
}
