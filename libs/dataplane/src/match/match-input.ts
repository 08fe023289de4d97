import type { Route } from '#traffic';
import type { HeaderLines } from '../message/filtered-message.ts';

/** What routing looks at. A `FilteredRequest` is one. */
export interface MatchInput {
  readonly method: string;
  /** Raw path without the query; starts with `/`. */
  readonly path: string;
  /** Raw query without `?`. */
  readonly query: string | undefined;
  /** Host header or `:authority`; empty when there is none. */
  readonly authority: string;
  readonly headers: Pick<HeaderLines, 'get' | 'getAll' | 'has'>;
  readonly peerAddress: string;
  readonly clientAddress: string;
}

export interface RouteMatch {
  readonly route: Route;
  /** Place of the route in the list that was compiled. */
  readonly index: number;
  /** What host and path patterns captured, percent-decoded; a path's wins over a host's. */
  readonly variables: Readonly<Record<string, string>>;
}

/** One predicate of one route against one request. */
export interface PredicateCheck {
  readonly predicate: string;
  readonly expected: string;
  readonly actual: string;
  readonly ok: boolean;
}

export interface RouteExplanation {
  readonly route: Route;
  readonly matched: boolean;
  readonly checks: readonly PredicateCheck[];
}

export interface Explanation {
  readonly match: RouteMatch | undefined;
  /** Every route, in matching order, those after the match included. */
  readonly routes: readonly RouteExplanation[];
}

/** Routes compiled into an index. Immutable; answers as trying one route after the other would. */
export interface Router {
  match(request: MatchInput): RouteMatch | undefined;
  explain(request: MatchInput): Explanation;
  /** Routes whose predicates were evaluated since the router was made: the measure of the index. */
  readonly examined: number;
}
