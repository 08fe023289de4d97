import type { Route } from '#traffic';
import { HostMatcher } from './host-matcher.ts';
import type { MatchContext } from './match-context.ts';
import type { PredicateCheck, RouteMatch } from './match-input.ts';
import { compilePath, type PathMatcher } from './path-matcher.ts';
import * as predicates from './predicate.ts';
import type { Variables } from './segment.ts';
import type { WeightGroup } from './weight-groups.ts';

export interface RouteContext {
  readonly index: number;
  readonly groups: ReadonlyMap<string, WeightGroup>;
  readonly now: () => number;
}

const NO_VARIABLES: Readonly<Variables> = Object.freeze({});

/** One route ready to be asked. Cheap conditions come first; the draw comes last, when all else holds. */
export class CompiledRoute {
  readonly route: Route;
  readonly index: number;
  readonly paths: readonly PathMatcher[];
  readonly hosts: readonly HostMatcher[];
  readonly view: 'raw' | 'normalized';
  readonly #predicates: readonly predicates.Predicate[];
  readonly #plainMatch: RouteMatch;
  readonly #capturing: boolean;

  constructor(route: Route, context: RouteContext) {
    this.route = route;
    this.index = context.index;
    this.view = route.match.pathView ?? 'raw';
    this.paths = (route.match.paths ?? []).map(compilePath);
    this.hosts = (route.match.hosts ?? []).map((host) => new HostMatcher(host));
    this.#capturing = this.paths.some((path) => path.capturing) || this.hosts.some((host) => host.capturing);
    this.#plainMatch = { route, index: context.index, variables: NO_VARIABLES };
    this.#predicates = this.#compile(context);
  }

  matches(context: MatchContext): boolean {
    for (const predicate of this.#predicates) if (!predicate.test(context)) return false;
    return true;
  }

  /** The match with its variables; to be called for the request that `matches` was true for. */
  result(context: MatchContext): RouteMatch {
    if (!this.#capturing) return this.#plainMatch;
    const variables: Variables = {};
    this.hosts.find((host) => host.matches(context.host))?.capture(context.host, variables);
    predicates.firstPath(this.paths, context, this.view)?.capture(context.path.get(this.view), variables);
    return { route: this.route, index: this.index, variables };
  }

  explain(context: MatchContext): PredicateCheck[] {
    return this.#predicates.map((predicate) => ({
      predicate: predicate.name,
      expected: predicate.expected,
      actual: predicate.actual(context),
      ok: predicate.test(context),
    }));
  }

  #compile({ index, groups, now }: RouteContext): predicates.Predicate[] {
    const { match } = this.route;
    const list: predicates.Predicate[] = [];
    if (match.methods) list.push(predicates.methodPredicate(match.methods));
    if (match.paths) list.push(predicates.pathPredicate(this.paths, match));
    if (match.hosts) list.push(predicates.hostPredicate(this.hosts, match));
    if (match.exceptPaths && match.exceptPaths.length > 0) list.push(predicates.exceptPathPredicate(match));
    for (const header of match.headers ?? []) list.push(predicates.headerPredicate(header));
    for (const query of match.query ?? []) list.push(predicates.queryPredicate(query));
    for (const cookie of match.cookies ?? []) list.push(predicates.cookiePredicate(cookie));
    if (match.remoteAddresses) list.push(predicates.addressPredicate(match.remoteAddresses));
    if (match.time) list.push(predicates.timePredicate(match.time, now));
    const group = match.weight && groups.get(match.weight.group);
    if (group && match.weight) list.push(predicates.weightPredicate(group, index, match.weight));
    return list;
  }
}
