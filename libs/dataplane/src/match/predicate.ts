import type { NamedMatch, Match, PathMatch, TextMatch } from '#traffic';
import { compileAddressBlocks } from './address-blocks.ts';
import type { HostMatcher } from './host-matcher.ts';
import type { MatchContext } from './match-context.ts';
import { compileCookie, compileHeader, compileQuery, cookieValues, type NamedTest } from './named-values.ts';
import { compilePath, type PathMatcher } from './path-matcher.ts';
import type { WeightGroup } from './weight-groups.ts';

/** One condition of a route. The texts are for people who ask why a route did not match. */
export interface Predicate {
  readonly name: string;
  readonly expected: string;
  test(context: MatchContext): boolean;
  actual(context: MatchContext): string;
}

export function methodPredicate(methods: readonly string[]): Predicate {
  return {
    name: 'method',
    expected: methods.join(' or '),
    test: ({ request }) => methods.includes(request.method),
    actual: ({ request }) => request.method,
  };
}

export function pathPredicate(matchers: readonly PathMatcher[], match: Match): Predicate {
  const view = match.pathView ?? 'raw';
  return {
    name: 'path',
    expected: describePaths(match.paths ?? []),
    test: (context) => firstPath(matchers, context, view) !== undefined,
    actual: ({ path }) => path.get(view).text,
  };
}

export function exceptPathPredicate(match: Match): Predicate {
  const view = match.pathView ?? 'raw';
  const matchers = (match.exceptPaths ?? []).map(compilePath);
  return {
    name: 'path exception',
    expected: `not ${describePaths(match.exceptPaths ?? [])}`,
    test: (context) => firstPath(matchers, context, view) === undefined,
    actual: ({ path }) => path.get(view).text,
  };
}

export function firstPath(
  matchers: readonly PathMatcher[],
  context: MatchContext,
  view: 'raw' | 'normalized',
): PathMatcher | undefined {
  const path = context.path.get(view);
  for (const matcher of matchers) if (matcher.matches(path)) return matcher;
  return undefined;
}

export function hostPredicate(matchers: readonly HostMatcher[], match: Match): Predicate {
  return {
    name: 'host',
    expected: (match.hosts ?? []).map((host) => host.value).join(' or '),
    test: (context) => matchers.some((matcher) => matcher.matches(context.host)),
    actual: ({ request }) => (request.authority === '' ? '(none)' : request.authority),
  };
}

export function headerPredicate(match: NamedMatch): Predicate {
  return named('header', match, compileHeader(match), ({ request }) =>
    request.headers.getAll(match.name.toLowerCase()),
  );
}

export function queryPredicate(match: NamedMatch): Predicate {
  return named('query', match, compileQuery(match), ({ request }) =>
    request.query === undefined ? [] : [request.query],
  );
}

export function cookiePredicate(match: NamedMatch): Predicate {
  return named('cookie', match, compileCookie(match), ({ request }) => cookieValues(request.headers, match.name));
}

function named(
  kind: string,
  match: NamedMatch,
  found: NamedTest,
  values: (context: MatchContext) => readonly string[],
): Predicate {
  const wanted = match.invert !== true;
  return {
    name: `${kind} ${match.name}`,
    expected: `${wanted ? '' : 'not '}${describeText(match.match)}`,
    test: ({ request }) => found(request) === wanted,
    actual: (context) => values(context).join(', ') || '(none)',
  };
}

export function addressPredicate({ cidrs, source }: NonNullable<Match['remoteAddresses']>): Predicate {
  const inside = compileAddressBlocks(cidrs);
  const address = ({ request }: MatchContext): string =>
    source === 'peer' ? request.peerAddress : request.clientAddress;
  return {
    name: `${source} address`,
    expected: cidrs.join(' or '),
    test: (context) => inside(address(context)),
    actual: address,
  };
}

export function timePredicate({ after, before }: NonNullable<Match['time']>, now: () => number): Predicate {
  const iso = (ms: number): string => new Date(ms).toISOString();
  const parts = [after === undefined ? '' : `after ${iso(after)}`, before === undefined ? '' : `before ${iso(before)}`];
  return {
    name: 'time',
    expected: parts.filter((part) => part !== '').join(' and '),
    test: () => {
      const time = now();
      return (after === undefined || time > after) && (before === undefined || time < before);
    },
    actual: () => iso(now()),
  };
}

export function weightPredicate(
  group: WeightGroup,
  routeIndex: number,
  { group: name, weight }: NonNullable<Match['weight']>,
): Predicate {
  return {
    name: `weight in ${name}`,
    expected: `drawn with weight ${weight}`,
    test: ({ serial }) => group.drawn(serial) === routeIndex,
    actual: ({ serial }) => (group.drawn(serial) === routeIndex ? 'drawn' : 'another route of the group was drawn'),
  };
}

function describePaths(paths: readonly PathMatch[]): string {
  return paths.map((path) => (path.kind === 'pattern' ? path.value : `${path.kind} ${path.value}`)).join(' or ');
}

function describeText(text: TextMatch): string {
  return text.kind === 'present' ? 'present' : `${text.kind} ${text.value}`;
}
