import type { Problem } from '#kernel';
import { describeRoute } from '#traffic';
import type { TrafficControl } from '../traffic-control.ts';

/** What `/api/v1/gateway/routes` answers. */
export function routesView(control: TrafficControl, now: number): unknown {
  const { traffic, configuration, refusals, certificateProblems, directory } = control;
  const problems: readonly Problem[] = [...refusals, ...certificateProblems, ...(traffic?.problems ?? [])];
  const clusters = new Map(traffic?.clusters.map((cluster) => [cluster.id, cluster]));
  return {
    version: traffic?.version ?? null,
    routes: (traffic?.routes ?? []).map((route, order) => ({
      id: route.id,
      order,
      dialect: route.dialect ?? null,
      ...describeRoute(route, clusters),
      location: route.location ?? null,
      problems: problems.filter(({ subject }) => subject === route.id),
    })),
    problems,
    configSource: {
      commit: configuration.commit,
      state: configuration.state,
      ageMs: Math.max(0, now - configuration.since),
    },
    keptInstances: directory.kept.map(({ instance: { service, id }, until, reason }) => ({
      service,
      id,
      until,
      reason,
    })),
  };
}
