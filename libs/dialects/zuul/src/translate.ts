import type { BoundNode, BoundProperties } from '#config';
import type { Problem } from '#kernel';
import type { Cluster, Forwarding, Route, Translation, TranslationContext } from '#traffic';
import { reportUnread } from './known-keys.ts';
import { filtersOf, matchOf } from './route-filters.ts';
import { serviceTarget } from './service-route.ts';
import { urlTarget, type RouteTarget } from './url-route.ts';
import { automaticRoutes, readRoutes, type ZuulRoute } from './zuul-route.ts';
import { readSettings, type ZuulSettings } from './zuul-settings.ts';

const FORWARDED_HEADERS = 'cardea.gateway.forwarded-headers';
const EVERYBODY = ['0.0.0.0/0', '::/0'];

/** Translates `zuul.*` with the `ribbon.*` and `hystrix.*` that its routes use. Without any `zuul.*` there are no routes. */
export function translateZuul(properties: BoundProperties, context: TranslationContext): Translation {
  const problems: Problem[] = [];
  const root = properties.root.reportingTo(problems);
  const zuul = root.at('zuul');
  if (!zuul.exists) return { routes: [], clusters: [], problems };
  const settings = readSettings(zuul);
  const configured = readRoutes(zuul);
  const all = automaticRoutes(zuul, configured, context.services, context.ownService);
  const clusters = new Map<string, Cluster>();
  const routes: Route[] = [];
  const ids = new Set<string>();
  for (const written of all) {
    const from = problems.length;
    const route = { ...written, id: freeId(written.id, ids) };
    const target = targetOf(route, zuul, root, settings);
    if (target?.cluster !== undefined && !clusters.has(target.cluster.id))
      clusters.set(target.cluster.id, {
        ...target.cluster,
        ...(route.location === undefined ? {} : { location: route.location }),
      });
    const found = problems.splice(from).map((problem) => ({ ...problem, subject: route.id }));
    problems.push(...found);
    if (target !== undefined && !found.some(({ severity }) => severity === 'error'))
      routes.push(routeOf(route, target, settings));
  }
  problems.push(...reportUnread(properties, zuul));
  const forwarding = forwardingOf(root, settings);
  return { routes, clusters: [...clusters.values()], problems: distinct(problems), forwarding };
}

function routeOf(route: ZuulRoute, { action, timeouts, retry, breaker }: RouteTarget, settings: ZuulSettings): Route {
  return {
    id: route.id,
    match: matchOf(route, settings),
    filters: filtersOf(route, settings),
    action,
    ...(timeouts === undefined ? {} : { timeouts }),
    ...(retry === undefined ? {} : { retry }),
    ...(breaker === undefined ? {} : { breaker }),
    ...(route.location === undefined ? {} : { location: route.location }),
    dialect: 'zuul',
  };
}

function targetOf(
  { target, ...route }: ZuulRoute,
  zuul: BoundNode,
  root: BoundNode,
  settings: ZuulSettings,
): RouteTarget | undefined {
  if (target.kind === 'forward') return { action: { kind: 'internal', path: target.path, appendPath: true } };
  if (target.kind === 'service') return serviceTarget(target.service, route.retryable, root, settings);
  const found = urlTarget(target.url, zuul, settings);
  if (found === undefined) {
    const url = route.node.at('url');
    (url.exists ? url : route.node).report({
      code: 'invalid-url',
      message: `the url "${target.url}" leads nowhere`,
      remedy: 'write http://host:port',
    });
  }
  return found;
}

/**
 * The original believes everybody's X-Forwarded-*, which lets any client say who it is. Here only proxies that are named
 * are believed, unless `cardea.gateway.forwarded-headers` asks for the original's way. See docs/adr/0016.
 */
function forwardingOf(root: BoundNode, { addProxyHeaders }: ZuulSettings): Forwarding {
  const asOriginal = root.string(FORWARDED_HEADERS) === 'reference';
  return {
    trustedProxies: root.list('cardea.gateway.trusted-proxies') ?? (asOriginal ? EVERYBODY : []),
    // The prefix comes from each route's own filter: only the route knows what it strips.
    xForwarded: {
      for: addProxyHeaders,
      host: addProxyHeaders,
      port: addProxyHeaders,
      proto: addProxyHeaders,
      prefix: false,
    },
    forwarded: false,
  };
}

/** Ids must differ; `users` of discovery beside a configured `users` becomes `users-2`. */
function freeId(id: string, taken: Set<string>): string {
  let free = id;
  for (let count = 2; taken.has(free); count++) free = `${id}-${count}`;
  taken.add(free);
  return free;
}

/** Several routes to one service find the same fault in its settings. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
