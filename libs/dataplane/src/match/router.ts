import { CardeaError } from '#kernel';
import type { Route } from '#traffic';
import { CompiledRoute, type RouteContext } from './compiled-route.ts';
import { HostIndex } from './host-index.ts';
import { MatchContext } from './match-context.ts';
import type { Explanation, MatchInput, RouteMatch, Router } from './match-input.ts';
import { weightGroups } from './weight-groups.ts';

export interface RouterOptions {
  /** Uniform in [0, 1); decides the draws of weight groups. */
  readonly random?: () => number;
  /** Epoch milliseconds, for time predicates. */
  readonly now?: () => number;
}

/**
 * Compiles a route list. The first route in list order that matches wins, however it is filed. Throws a CardeaError
 * that names the route when one cannot be compiled: check the configuration first.
 */
export function compileRouter(routes: readonly Route[], options: RouterOptions = {}): Router {
  return new IndexedRouter(routes, options);
}

class IndexedRouter implements Router {
  examined = 0;
  readonly #routes: readonly CompiledRoute[];
  readonly #index = new HostIndex();
  readonly #context = new MatchContext();

  constructor(routes: readonly Route[], options: RouterOptions) {
    const groups = weightGroups(routes, options.random ?? Math.random);
    const now = options.now ?? Date.now;
    this.#routes = routes.map((route, index) => compile(route, { index, groups, now }));
    for (const route of this.#routes) this.#index.add(route);
  }

  match(request: MatchInput): RouteMatch | undefined {
    this.#context.reset(request);
    return this.#match();
  }

  explain(request: MatchInput): Explanation {
    this.#context.reset(request);
    const match = this.#match();
    return {
      match,
      routes: this.#routes.map((route) => ({
        route: route.route,
        matched: route.matches(this.#context),
        checks: route.explain(this.#context),
      })),
    };
  }

  #match(): RouteMatch | undefined {
    const best = this.#index.search(this.#context, this.#probe);
    return this.#routes[best]?.result(this.#context);
  }

  readonly #probe = (bucket: readonly number[], best: number): number => {
    for (const index of bucket) {
      if (index >= best) break;
      this.examined++;
      if (this.#routes[index]?.matches(this.#context)) return index;
    }
    return best;
  };
}

function compile(route: Route, context: RouteContext): CompiledRoute {
  try {
    return new CompiledRoute(route, context);
  } catch (error) {
    if (!(error instanceof CardeaError)) throw error;
    throw new CardeaError(error.code, `route "${route.id}": ${error.message}`, { source: error.source, cause: error });
  }
}
