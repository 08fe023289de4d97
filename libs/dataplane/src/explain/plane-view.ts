import type { ClusterRuntime } from '../upstream/cluster-runtime.ts';

/** An instance as the data plane sees it now. */
export interface EndpointView {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  readonly zone?: string;
  /** Requests under way. */
  readonly active: number;
  /** Data planes (worker processes) that have taken it out because it failed. */
  readonly ejectedBy: number;
  /** Why it is here although nobody vouches for it. */
  readonly note?: string;
}

export interface ClusterView {
  readonly id: string;
  readonly balancing: string;
  /** Data planes that were asked: 1, or the number of workers. */
  readonly planes: number;
  readonly endpoints: readonly EndpointView[];
}

export function viewOfCluster({ cluster, balancer }: ClusterRuntime): ClusterView {
  return {
    id: cluster.id,
    balancing: cluster.balancing,
    planes: 1,
    endpoints: balancer.endpoints.map(({ endpoint, active, available }) => ({
      id: endpoint.id,
      host: endpoint.host,
      port: endpoint.port,
      weight: endpoint.weight,
      ...(endpoint.zone !== undefined && { zone: endpoint.zone }),
      active,
      ejectedBy: available ? 0 : 1,
    })),
  };
}

/** One view of what several data planes with the same configuration see. */
export function mergeClusterViews(views: readonly (readonly ClusterView[])[]): readonly ClusterView[] {
  const merged = new Map<string, ClusterView>();
  for (const view of views.flat()) {
    const before = merged.get(view.id);
    if (before === undefined) merged.set(view.id, view);
    else merged.set(view.id, { ...view, planes: before.planes + view.planes, endpoints: join(before, view) });
  }
  return [...merged.values()];
}

function join(one: ClusterView, other: ClusterView): readonly EndpointView[] {
  const endpoints = new Map(one.endpoints.map((endpoint) => [endpoint.id, endpoint]));
  for (const endpoint of other.endpoints) {
    const { active = 0, ejectedBy = 0 } = endpoints.get(endpoint.id) ?? {};
    endpoints.set(endpoint.id, {
      ...endpoint,
      active: endpoint.active + active,
      ejectedBy: endpoint.ejectedBy + ejectedBy,
    });
  }
  return [...endpoints.values()];
}
