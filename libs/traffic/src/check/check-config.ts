import type { Problem } from '#kernel';
import type { Cluster, Route, TrafficConfig } from '../model.ts';
import { versionOf } from '../version.ts';
import { checkCluster } from './check-cluster.ts';
import { checkFilter } from './check-filter.ts';
import { capturedNames, checkMatch } from './check-match.ts';
import { checkRoutePolicies } from './check-policies.ts';
import { Report } from './report.ts';
import { ShadowFinder } from './shadow.ts';
import { checkAbsolutePath, checkAddressBlock, checkRange, isAddressBlock } from './values.ts';

interface Checked {
  readonly routes: readonly (readonly [Route, Report])[];
  readonly clusters: readonly (readonly [Cluster, Report])[];
  readonly forwarding: Report;
}

/** Everything wrong with a configuration, beyond what its schema says. The subject is the id of the route or cluster. */
export function checkTrafficConfig(config: TrafficConfig): Problem[] {
  return problemsOf(check(config));
}

/**
 * The part of a configuration that can be executed: broken routes, clusters and proxy blocks are left out, and all
 * problems are listed beside those it had.
 */
export function servablePart(config: TrafficConfig): TrafficConfig {
  const checked = check(config);
  const found = problemsOf(checked);
  if (found.length === 0) return config;
  const sound = <T>(items: readonly (readonly [T, Report])[]): T[] =>
    items.filter(([, report]) => !report.broken).map(([item]) => item);
  const content = {
    routes: sound(checked.routes),
    clusters: sound(checked.clusters),
    forwarding: {
      ...config.forwarding,
      trustedProxies: config.forwarding.trustedProxies.filter(isAddressBlock),
    },
    problems: [...config.problems, ...found],
  };
  return { version: versionOf(content), ...content };
}

function problemsOf({ routes, clusters, forwarding }: Checked): Problem[] {
  return [...clusters, ...routes].flatMap(([, report]) => report.problems).concat(forwarding.problems);
}

function check(config: TrafficConfig): Checked {
  const forwarding = new Report('forwarding', undefined);
  for (const block of config.forwarding.trustedProxies) checkAddressBlock(block, forwarding);
  const clusters = checkClusters(config.clusters);
  const usable = new Set(clusters.filter(([, report]) => !report.broken).map(([cluster]) => cluster.id));
  return { clusters, routes: checkRoutes(config.routes, usable), forwarding };
}

function checkClusters(clusters: readonly Cluster[]): [Cluster, Report][] {
  const seen = new Set<string>();
  return clusters.map((cluster) => {
    const report = new Report(cluster.id, cluster.location);
    if (seen.has(cluster.id)) report.error('duplicate-cluster', `there are two clusters "${cluster.id}"`);
    seen.add(cluster.id);
    checkCluster(cluster, report);
    return [cluster, report];
  });
}

function checkRoutes(routes: readonly Route[], clusters: ReadonlySet<string>): [Route, Report][] {
  const seen = new Set<string>();
  const shadows = new ShadowFinder();
  const sums = weightSums(routes);
  return routes.map((route) => {
    const report = new Report(route.id, route.location);
    if (route.id === '') report.error('missing-id', 'a route has no id', 'give it one');
    if (seen.has(route.id)) {
      report.error('duplicate-route', `there are two routes "${route.id}"; the first one serves`, 'rename one of them');
    }
    seen.add(route.id);
    checkMatch(route.match, report);
    const captured = capturedNames(route.match);
    for (const filter of route.filters) checkFilter(filter, captured, report);
    checkRoutePolicies(route, report);
    checkAction(route, clusters, report);
    const { weight } = route.match;
    if (weight && sums.get(weight.group) === 0) {
      report.warning('weight-sum-zero', `all weights of group "${weight.group}" are 0: none of its routes is taken`);
    }
    // A route that does not serve shadows nothing.
    const shadow = report.broken ? undefined : shadows.add(route);
    if (shadow !== undefined) {
      report.warning(
        'shadowed-route',
        `route "${route.id}" gets no request: "${shadow}" comes first and takes them all`,
        `move it before "${shadow}"`,
      );
    }
    return [route, report];
  });
}

function checkAction({ action, filters }: Route, clusters: ReadonlySet<string>, report: Report): void {
  if (action.kind === 'respond') checkRange(action.status, 'the status', 200, 599, report);
  else if (action.kind === 'internal') checkAbsolutePath(action.path, 'the internal target', report);
  else if (!clusters.has(action.cluster)) {
    // A route whose filters answer never reaches its cluster.
    if (filters.some(({ kind }) => kind === 'redirect' || kind === 'respond')) return;
    report.error('unknown-cluster', `there is no usable cluster "${action.cluster}"`, 'define or correct the cluster');
  }
}

function weightSums(routes: readonly Route[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { match } of routes) {
    if (match.weight) sums.set(match.weight.group, (sums.get(match.weight.group) ?? 0) + match.weight.weight);
  }
  return sums;
}
