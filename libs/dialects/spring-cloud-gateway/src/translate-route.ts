import type { BoundNode } from '#config';
import { suggest, type Problem } from '#kernel';
import type { Cluster, Route } from '#traffic';
import { bindArguments, type FactoryCall } from './factory-call.ts';
import { filters } from './filters/index.ts';
import type { HttpClientSettings } from './http-client.ts';
import { predicates } from './predicates/index.ts';
import { metadataNumber, type RouteDefinition } from './route-definition.ts';
import type { FactoryTable, RouteDraft } from './route-draft.ts';
import { readTarget } from './route-target.ts';

/** What all routes of one configuration have in common. */
export interface RouteSurroundings {
  readonly gateway: BoundNode;
  readonly root: BoundNode;
  readonly client: HttpClientSettings;
  readonly defaultFilters: readonly FactoryCall[];
}

export interface TranslatedRoute {
  /** Absent when a problem is an error. */
  readonly route?: Route;
  readonly cluster?: Cluster;
}

/** Translates one definition. Its nodes report to `problems`; those of this route begin at `from`. */
export function translateRoute(
  definition: RouteDefinition,
  { gateway, root, client, defaultFilters }: RouteSurroundings,
  problems: Problem[],
  from: number,
): TranslatedRoute {
  const draft: RouteDraft = { id: definition.id, gateway, root, problems, match: {}, filters: [], timeouts: {} };
  for (const call of definition.predicates) apply(call, 'predicate', predicates, draft);
  for (const call of interleave(defaultFilters, definition.filters)) apply(call, 'filter', filters, draft);

  const responseMs = responseTimeout(definition, client);
  const target = readUri(definition, client);
  if (target === undefined || problems.slice(from).some(({ severity }) => severity === 'error')) return {};
  const timeouts = responseMs === undefined ? draft.timeouts : { ...draft.timeouts, responseMs };
  const route: Route = {
    id: definition.id,
    match: draft.match,
    filters: draft.filters,
    action: target.action,
    ...(Object.keys(timeouts).length > 0 ? { timeouts } : {}),
    ...(draft.retry === undefined ? {} : { retry: draft.retry }),
    ...(draft.breaker === undefined ? {} : { breaker: draft.breaker }),
    ...(definition.metadata.size > 0 ? { metadata: Object.fromEntries(definition.metadata) } : {}),
    ...(definition.location === undefined ? {} : { location: definition.location }),
    dialect: 'spring-cloud-gateway',
  };
  return target.cluster === undefined ? { route } : { route, cluster: target.cluster };
}

function readUri(definition: RouteDefinition, client: HttpClientSettings): ReturnType<typeof readTarget> {
  const { uri, uriNode } = definition;
  if (uri !== undefined && uri.trim() !== '')
    return readTarget(uri.trim(), uriNode, client, metadataNumber(definition, 'connect-timeout'));
  uriNode.report({
    code: 'missing-uri',
    message: `route ${definition.id} has no uri`,
    remedy: 'add uri: http://host:port or lb://service',
  });
  return undefined;
}

/** A negative number of the route's own switches the limit off. */
function responseTimeout(definition: RouteDefinition, client: HttpClientSettings): number | undefined {
  const own = metadataNumber(definition, 'response-timeout');
  if (own === undefined) return client.responseTimeoutMs;
  return own < 0 ? undefined : own;
}

/** Both lists are numbered from one and sorted together, defaults first: d1, r1, d2, r2. */
function interleave<Item>(defaults: readonly Item[], own: readonly Item[]): readonly Item[] {
  const length = Math.max(defaults.length, own.length);
  return Array.from({ length }, (_, index) => [
    ...defaults.slice(index, index + 1),
    ...own.slice(index, index + 1),
  ]).flat();
}

function apply(call: FactoryCall, kind: 'predicate' | 'filter', table: FactoryTable, draft: RouteDraft): void {
  const where = call.location === undefined ? {} : { location: call.location };
  const complain = (code: string, message: string, remedy: string) =>
    draft.problems.push({ severity: 'error', code, message, remedy, ...where });
  const factory = Object.hasOwn(table, call.name) ? table[call.name] : undefined;
  if (factory === undefined) {
    const close = suggest(call.name, Object.keys(table));
    complain(`unknown-${kind}`, `unknown ${kind} "${call.name}"`, close ? `did you mean ${close}?` : 'remove it');
    return;
  }
  if (draft.gateway.boolean(`${kind}.${kebab(call.name)}.enabled`) === false) {
    complain(
      `disabled-${kind}`,
      `the ${kind} ${call.name} is switched off`,
      `remove ${kind}.${kebab(call.name)}.enabled`,
    );
    return;
  }
  if (factory.needsArguments === true && !call.hasArguments) {
    complain('missing-argument', `the ${kind} ${call.name} has no arguments`, `write ${call.name}=…`);
    return;
  }
  const bound = bindArguments(call, factory.shape, draft.problems);
  refuseExpressions(bound.root, call);
  factory.translate(bound.root, draft, call);
  for (const { key, location } of bound.unread()) {
    if (key === '') continue;
    const close = suggest(key, factory.shape.shortcut);
    draft.problems.push({
      severity: 'warning',
      code: 'unknown-argument',
      message: `${call.name} has no argument ${key}`,
      remedy: close === undefined ? 'remove it' : `did you mean ${close}?`,
      ...(location === undefined ? {} : { location }),
    });
  }
}

/** `#{…}` is evaluated by the original. Key resolvers are named that way; nothing else has a meaning here. */
function refuseExpressions(args: BoundNode, call: FactoryCall): void {
  const texts = [...(call.named?.flatten() ?? [])].filter(([key]) => !/^key-?resolver$/i.test(key));
  for (const [key, node] of texts)
    if (/^#\{.*\}$/s.test(node.text ?? ''))
      args.at(key).report({
        code: 'unsupported',
        message: `${call.name}: expressions such as ${node.text ?? ''} are not evaluated`,
        remedy: 'write the value itself',
      });
}

/** `StripPrefix` as the switches of factories spell it: `strip-prefix`. */
function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}
