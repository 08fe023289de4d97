import { filteredRequest, type TestRequest } from '#testing';
import type { Match, PathMatch, Route } from '#traffic';
import { compileRouter } from './router.ts';

export function route(id: string, match: Match): Route {
  return { id, match, filters: [], action: { kind: 'respond', status: 200 } };
}

export function pattern(value: string, overrides: Partial<PathMatch> = {}): PathMatch {
  return { kind: 'pattern', value, ...overrides };
}

/** What a route with this match makes of a request; nothing when it does not match. */
export function matched(match: Match, target: string, overrides: Partial<TestRequest> = {}) {
  return compileRouter([route('it', match)]).match(filteredRequest(target, overrides));
}
