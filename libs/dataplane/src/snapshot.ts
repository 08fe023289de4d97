import { CircuitBreaker, RetryBudget } from '#resilience';
import { servablePart, type Route, type TrafficConfig } from '#traffic';
import { breakerChanged } from './events.ts';
import { compileFilters, compileProblem, type RateLimiters } from './filters/index.ts';
import { ForwardingRules } from './forwarding.ts';
import { compileRouter, type Router } from './match/index.ts';
import type { CompiledFilter } from './message/filtered-message.ts';
import { ClusterRuntime } from './upstream/cluster-runtime.ts';

/** A route ready to run. */
export interface RouteRuntime {
  readonly route: Route;
  readonly filters: readonly CompiledFilter[];
  /** In the order in which they see the answer. */
  readonly responseFilters: readonly CompiledFilter[];
  readonly cluster: ClusterRuntime | undefined;
  readonly breaker: CircuitBreaker | undefined;
  readonly budget: RetryBudget | undefined;
  /** Longest wait for the head of an answer, ms; infinite without a limit. */
  readonly waitMs: number;
}

/** A configuration compiled. Immutable; a request finishes on the one it began with. */
export interface Snapshot {
  readonly config: TrafficConfig;
  readonly router: Router;
  /** By place in the list that the router was compiled from. */
  readonly routes: readonly RouteRuntime[];
  readonly forwarding: ForwardingRules;
}

/**
 * What outlives a configuration: connections, breakers, budgets and buckets of everything that a new version leaves as
 * it was. An edit of one route must not make the others forget what they have learnt.
 */
export class SnapshotCompiler {
  readonly #limiters: RateLimiters;
  #clusters = new Map<string, ClusterRuntime>();
  #breakers = new Map<string, CircuitBreaker>();
  #budgets = new Map<string, RetryBudget>();

  constructor(limiters: RateLimiters) {
    this.#limiters = limiters;
  }

  get clusters(): Iterable<ClusterRuntime> {
    return this.#clusters.values();
  }

  get breakers(): Iterable<CircuitBreaker> {
    return this.#breakers.values();
  }

  compile(config: TrafficConfig): Snapshot {
    const servable = servablePart(config);
    const broken = servable.routes.map((route) => compileProblem(route));
    const sound = servable.routes.filter((_, index) => broken[index] === undefined);
    const problems = [...servable.problems, ...broken.filter((problem) => problem !== undefined)];
    this.#limiters.begin();
    const clusters = carry(this.#clusters, servable.clusters, (cluster) => new ClusterRuntime(cluster));
    const byId = new Map([...clusters.values()].map((runtime) => [runtime.cluster.id, runtime]));
    const breakers = new Map<string, CircuitBreaker>();
    const budgets = new Map<string, RetryBudget>();
    const routes = sound.map((route) => this.#runtimeOf(route, byId, breakers, budgets));
    const router = compileRouter(sound);
    const forwarding = new ForwardingRules(servable.forwarding);
    for (const [key, runtime] of this.#clusters) if (clusters.get(key) !== runtime) runtime.retire();
    this.#clusters = clusters;
    this.#breakers = breakers;
    this.#budgets = budgets;
    this.#limiters.end();
    return { config: { ...servable, routes: sound, problems }, router, routes, forwarding };
  }

  #runtimeOf(
    route: Route,
    clusters: ReadonlyMap<string, ClusterRuntime>,
    breakers: Map<string, CircuitBreaker>,
    budgets: Map<string, RetryBudget>,
  ): RouteRuntime {
    const filters = compileFilters(route.filters, { route: route.id, limiters: this.#limiters });
    const { breaker: policy, retry } = route;
    const breaker =
      policy &&
      reuse(breakers, this.#breakers, JSON.stringify(policy), () => {
        return new CircuitBreaker({ policy, onTransition: (transition) => breakerChanged.publish(transition) });
      });
    const budgetOptions = retry?.budget ?? { ratio: 0.2, minPerSecond: 10 };
    const budget = reuse(budgets, this.#budgets, JSON.stringify([route.id, budgetOptions]), () => {
      return new RetryBudget(budgetOptions);
    });
    return {
      route,
      filters: filters.filter((filter) => 'onRequest' in filter),
      responseFilters: filters.filter((filter) => 'onResponse' in filter).toReversed(),
      cluster: route.action.kind === 'forward' ? clusters.get(route.action.cluster) : undefined,
      breaker,
      budget,
      waitMs: Math.min(
        retry?.perTryTimeoutMs ?? Number.POSITIVE_INFINITY,
        route.timeouts?.responseMs ?? Number.POSITIVE_INFINITY,
        policy?.timeoutMs ?? Number.POSITIVE_INFINITY,
      ),
    };
  }
}

function reuse<T>(next: Map<string, T>, before: ReadonlyMap<string, T>, key: string, make: () => T): T {
  const value = next.get(key) ?? before.get(key) ?? make();
  next.set(key, value);
  return value;
}

function carry<S, T>(before: ReadonlyMap<string, T>, wanted: readonly S[], make: (item: S) => T): Map<string, T> {
  const next = new Map<string, T>();
  for (const item of wanted) reuse(next, before, identity(item), () => make(item));
  return next;
}

/** Where a cluster was written says nothing about what it is: an edit above it must not cost its connections. */
function identity(item: unknown): string {
  return JSON.stringify(item, (key, value: unknown) => (key === 'location' ? undefined : value));
}
