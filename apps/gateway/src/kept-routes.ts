import { compileProblem } from '#dataplane';
import type { Problem } from '#kernel';
import { type Cluster, type Route, trafficConfig, type TrafficConfig } from '#traffic';

/**
 * Puts the last valid version of routes that an edit broke into a configuration: an error in one line must not take a route
 * out of service. Each stands behind the route that it stood behind, and has the cluster that it had. A route that is not
 * written any more is gone.
 */
export function keepBroken(
  next: TrafficConfig,
  broken: ReadonlySet<string>,
  before: TrafficConfig | undefined,
): TrafficConfig {
  const present = new Set(next.routes.map(({ id }) => id));
  const kept = (before?.routes ?? []).filter(
    (route) => broken.has(route.id) && !present.has(route.id) && compileProblem(route) === undefined,
  );
  if (before === undefined || kept.length === 0) return next;
  const clusters = new Map(next.clusters.map((cluster) => [cluster.id, cluster]));
  const used = new Set(next.routes.flatMap(({ action }) => (action.kind === 'forward' ? [action.cluster] : [])));
  const routes = [...next.routes];
  for (const route of kept) {
    const own = withCluster(route, before.clusters, clusters, used);
    routes.splice(placeOf(route, before.routes, routes), 0, own);
  }
  const ids = new Set(kept.map(({ id }) => id));
  const problems = next.problems.map((problem) => (ids.has(problem.subject ?? '') ? saying(problem) : problem));
  const { forwarding } = next;
  return trafficConfig({ routes, clusters: [...clusters.values()], forwarding, problems });
}

/** Behind the nearest route before it that is still there, else before the nearest behind it. */
function placeOf(route: Route, before: readonly Route[], now: readonly Route[]): number {
  const places = new Map(now.map(({ id }, place) => [id, place]));
  const at = before.indexOf(route);
  for (const { id } of before.slice(0, at).toReversed()) {
    const place = places.get(id);
    if (place !== undefined) return place + 1;
  }
  for (const { id } of before.slice(at + 1)) {
    const place = places.get(id);
    if (place !== undefined) return place;
  }
  return now.length;
}

/** The route with the cluster that it had, under another name where routes that are good want another one of that name. */
function withCluster(
  route: Route,
  before: readonly Cluster[],
  clusters: Map<string, Cluster>,
  used: ReadonlySet<string>,
): Route {
  if (route.action.kind !== 'forward') return route;
  const { cluster: id } = route.action;
  const own = before.find((cluster) => cluster.id === id);
  const now = clusters.get(id);
  if (own === undefined || (now !== undefined && contentOf(now) === contentOf(own))) return route;
  if (now === undefined || !used.has(id)) {
    clusters.set(id, own);
    return route;
  }
  const other = `${id}.before`;
  clusters.set(other, { ...own, id: other });
  return { ...route, action: { ...route.action, cluster: other } };
}

function contentOf(cluster: Cluster): string {
  return JSON.stringify(cluster, (key, value: unknown) => (key === 'location' ? undefined : value));
}

function saying(problem: Problem): Problem {
  if (problem.severity !== 'error') return problem;
  return { ...problem, message: `${problem.message} (the version before is served)` };
}
