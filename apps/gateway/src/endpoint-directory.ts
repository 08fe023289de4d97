import type { InstanceView, RegistryChanges, RegistrySnapshot } from '#protocols/registry-api';
import type { Endpoint, EndpointSet, TrafficConfig } from '#traffic';

/** Which instances the discovered clusters have, as the registry tells it. Keeps what it knows when the registry is gone. */
export class EndpointDirectory {
  readonly #services = new Map<string, Map<string, InstanceView>>();
  /** True once a registry has told everything it knows. */
  loaded = false;

  get services(): readonly string[] {
    return [...this.#services.keys()];
  }

  /** Answers the services that changed. */
  takeSnapshot({ instances }: RegistrySnapshot): ReadonlySet<string> {
    const touched = new Set(this.#services.keys());
    this.#services.clear();
    for (const instance of instances) {
      this.#instancesOf(instance.service).set(instance.id, instance);
      touched.add(instance.service);
    }
    this.loaded = true;
    return touched;
  }

  takeChanges({ changes }: RegistryChanges): ReadonlySet<string> {
    const touched = new Set<string>();
    for (const { type, instance } of changes) {
      touched.add(instance.service);
      const instances = this.#instancesOf(instance.service);
      if (type === 'removed') instances.delete(instance.id);
      else instances.set(instance.id, instance);
      if (instances.size === 0) this.#services.delete(instance.service);
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
