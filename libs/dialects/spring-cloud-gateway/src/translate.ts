import { bindProperties, type BoundNode, type BoundProperties, type Property } from '#config';
import type { Problem } from '#kernel';
import type { Cluster, Route, Translation, TranslationContext } from '#traffic';
import { discoveredRoutes } from './discovery-locator.ts';
import { readHttpClient } from './http-client.ts';
import { reportUnread } from './known-keys.ts';
import { readCalls, readRouteDefinition, type RouteDefinition } from './route-definition.ts';
import { translateRoute } from './translate-route.ts';
import { readForwarding } from './trusted-proxies.ts';

/** The prefix since 4.3, and the one before it. A key under the first hides the same key under the second. */
const PREFIXES = ['spring.cloud.gateway.server.webflux', 'spring.cloud.gateway'];

/** Translates `spring.cloud.gateway.*`; what cannot be expressed becomes a problem, with an error its route is left out. */
export function translateSpringCloudGateway(properties: BoundProperties, context: TranslationContext): Translation {
  const problems: Problem[] = [];
  const root = properties.root.reportingTo(problems);
  const bound = bindBothPrefixes(root, problems);
  const gateway = bound.root;
  if (!gateway.exists || gateway.boolean('enabled') === false) return { routes: [], clusters: [], problems };

  // Every route is shown and disabled on its own; the original would stop, or skip without a word.
  gateway.boolean('fail-on-route-definition-error');
  const surroundings = {
    gateway,
    root,
    client: readHttpClient(gateway),
    defaultFilters: readCalls(gateway.at('default-filters')),
  };
  const forwarding = readForwarding(gateway, root);
  const clusters = new Map<string, Cluster>();
  const sorted: { readonly order: number; readonly route: Route }[] = [];
  const add = (read: () => RouteDefinition) => {
    const from = problems.length;
    const definition = read();
    if (!definition.enabled) return;
    const { route, cluster } = translateRoute(definition, surroundings, problems, from);
    if (route !== undefined) sorted.push({ order: definition.order, route });
    const { location } = definition.uriNode;
    if (cluster !== undefined && !clusters.has(cluster.id))
      clusters.set(cluster.id, { ...cluster, ...(location === undefined ? {} : { location }) });
    problems.push(...problems.splice(from).map((problem) => ({ ...problem, subject: definition.id })));
  };
  for (const [index, node] of gateway.at('routes').items().entries()) add(() => readRouteDefinition(node, index));
  for (const definition of discoveredRoutes(gateway, context.services)) add(() => definition);

  sorted.sort((a, b) => a.order - b.order);
  problems.push(...reportUnread(bound));
  return { routes: sorted.map(({ route }) => route), clusters: [...clusters.values()], problems, forwarding };
}

function bindBothPrefixes(root: BoundNode, problems: Problem[]): BoundProperties {
  const sources = PREFIXES.map((prefix) => {
    const properties = new Map<string, Property>();
    for (const [key, node] of root.at(prefix).flatten()) {
      const { property } = node;
      // The new prefix begins with the old one: its keys are not keys of the old.
      if (property !== undefined && !/^(server|mvc)\b/.test(key)) properties.set(key, property);
    }
    return { name: prefix, properties };
  });
  return bindProperties(sources, { problems, path: PREFIXES[1] ?? '', placeholders: false });
}
