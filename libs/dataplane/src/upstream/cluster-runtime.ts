import { createBalancer, type Balancer, type EndpointState } from '#loadbalancer';
import { ConcurrencyLimit } from '#resilience';
import type { Cluster, Endpoint } from '#traffic';
import { endpointEjected } from '../events.ts';
import { EndpointPool } from './endpoint-pool.ts';

/** A cluster at work: its balancer, its connections and how much it may do at once. Outlives configurations. */
export class ClusterRuntime {
  readonly cluster: Cluster;
  readonly balancer: Balancer;
  readonly limit: ConcurrencyLimit;
  /** By address: an instance that comes back under another id finds its connections. */
  readonly #pools = new Map<string, EndpointPool>();
  #poolOfState = new Map<EndpointState, EndpointPool>();

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.limit = new ConcurrencyLimit(cluster.maxConcurrentRequests);
    this.balancer = createBalancer({
      rule: cluster.balancing,
      ...(cluster.outlier && { outlier: cluster.outlier }),
      onEjection: ({ endpoint, ejected, reason }) =>
        endpointEjected.publish({ cluster: cluster.id, endpoint: endpoint.id, ejected, reason }),
    });
    if (cluster.endpoints.kind === 'static') this.update(cluster.endpoints.endpoints);
  }

  update(endpoints: readonly Endpoint[]): void {
    this.balancer.update(endpoints);
    this.#poolOfState = new Map();
    const present = new Set(endpoints.map(addressOf));
    for (const [address, pool] of this.#pools) {
      if (present.has(address)) continue;
      pool.retire();
      this.#pools.delete(address);
    }
  }

  poolOf(state: EndpointState): EndpointPool {
    const known = this.#poolOfState.get(state);
    if (known) return known;
    const { endpoint } = state;
    const address = addressOf(endpoint);
    let pool = this.#pools.get(address);
    if (!pool) {
      pool = new EndpointPool(this.cluster, endpoint);
      this.#pools.set(address, pool);
    }
    this.#poolOfState.set(state, pool);
    return pool;
  }

  sweep(now: number): void {
    for (const pool of this.#pools.values()) pool.sweep(now);
  }

  /** Gone from the configuration: requests under way finish. */
  retire(): void {
    this.balancer.close();
    for (const pool of this.#pools.values()) pool.retire();
  }

  destroy(): void {
    this.retire();
    for (const pool of this.#pools.values()) pool.destroy();
  }
}

function addressOf({ host, port, secure }: Endpoint): string {
  return `${secure === true ? 'https' : 'http'}://${host}:${port}`;
}
