import { systemClock, type Clock } from '#kernel';
import type { BalancingRule, Endpoint, OutlierPolicy } from '#traffic';
import type { AttemptResult, Balancer, EndpointState, PickContext, PickResult } from './balancer.ts';
import { OutlierDetector } from './outlier-detector.ts';
import { createRule } from './rules/create-rule.ts';
import type { Candidates, Rule } from './rules/rule.ts';
import { TrackedEndpoint } from './tracked-endpoint.ts';

/** An endpoint left or rejoined the choice. */
export interface Ejection {
  readonly endpoint: Endpoint;
  readonly ejected: boolean;
  readonly reason: string;
}

export interface BalancerOptions {
  readonly rule: BalancingRule;
  /** Absent: nothing is ever ejected. */
  readonly outlier?: OutlierPolicy;
  readonly clock?: Clock;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  readonly onEjection?: (ejection: Ejection) => void;
}

/** A failure counts as an answer this slow, or one that fails fast would attract all traffic (as Linkerd penalises). */
const FAILURE_LATENCY_MS = 5_000;
const NO_INSTANCE: PickResult = { kind: 'no-instance' };

/** The balancer of one cluster in one worker. */
export function createBalancer(options: BalancerOptions): Balancer {
  return new ClusterBalancer(options);
}

class ClusterBalancer implements Balancer {
  readonly #clock: Clock;
  readonly #rule: Rule;
  readonly #outlier: OutlierDetector | undefined;
  readonly #onEjection: ((ejection: Ejection) => void) | undefined;
  #members = new Map<string, TrackedEndpoint>();
  #all: readonly TrackedEndpoint[] = [];
  #candidates: Candidates = candidatesFrom([]);

  constructor(options: BalancerOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#rule = createRule(options.rule, this.#clock, options.random ?? Math.random);
    this.#onEjection = options.onEjection;
    if (options.outlier) {
      this.#outlier = new OutlierDetector({
        policy: options.outlier,
        clock: this.#clock,
        members: () => this.#all,
        onChange: (endpoint, reason) => this.#availabilityChanged(endpoint, reason),
      });
    }
  }

  get endpoints(): readonly EndpointState[] {
    return this.#all;
  }

  pick(context: PickContext): PickResult {
    const { tried } = context;
    let candidates = this.#candidates;
    if (candidates.list.length === 0) return NO_INSTANCE;
    if (tried.length > 0) {
      const others = candidates.list.filter((candidate) => !tried.includes(candidate));
      if (others.length > 0) candidates = { list: others, uniform: candidates.uniform };
    }
    return this.#rule.choose(candidates).picked;
  }

  /** Of two endpoints with one id the later counts. An id whose address changed starts with a clean record. */
  update(endpoints: readonly Endpoint[]): void {
    const now = this.#clock.monotonic();
    const next = new Map<string, TrackedEndpoint>();
    for (const endpoint of endpoints) {
      const known = this.#members.get(endpoint.id) ?? next.get(endpoint.id);
      if (!known) {
        next.set(endpoint.id, new TrackedEndpoint(endpoint, now));
        continue;
      }
      if (known.endpoint.host !== endpoint.host || known.endpoint.port !== endpoint.port) {
        this.#forget(known, now, 'its address changed');
      }
      known.endpoint = endpoint;
      next.set(endpoint.id, known);
    }
    for (const [id, member] of this.#members) if (!next.has(id)) this.#forget(member, now, 'it left the cluster');
    this.#members = next;
    this.#all = [...next.values()];
    this.#choose();
  }

  started(state: EndpointState): void {
    own(state).active++;
  }

  finished(state: EndpointState, result: AttemptResult): void {
    const endpoint = own(state);
    endpoint.active--;
    if (result.cancelled === true) return;
    const latency = result.ok ? result.latencyMs : Math.max(result.latencyMs, FAILURE_LATENCY_MS);
    endpoint.latency.record(latency, this.#clock.monotonic());
    if (this.#members.get(endpoint.endpoint.id) === endpoint) this.#outlier?.record(endpoint, result.ok);
  }

  close(): void {
    this.update([]);
  }

  #forget(endpoint: TrackedEndpoint, now: number, reason: string): void {
    const ejected = !endpoint.available;
    endpoint.forget(now);
    if (ejected) this.#onEjection?.({ endpoint: endpoint.endpoint, ejected: false, reason });
  }

  #availabilityChanged(endpoint: TrackedEndpoint, reason: string): void {
    this.#choose();
    this.#onEjection?.({ endpoint: endpoint.endpoint, ejected: !endpoint.available, reason });
  }

  /** Weight 0 gets nothing. When all others are ejected, all are used: a suspect is better than no answer. */
  #choose(): void {
    const wanted = this.#all.filter((member) => member.endpoint.weight > 0);
    const available = wanted.filter((member) => member.available);
    this.#candidates = candidatesFrom(available.length > 0 ? available : wanted);
  }
}

function candidatesFrom(list: readonly TrackedEndpoint[]): Candidates {
  return { list, uniform: list.every((member) => member.endpoint.weight === list[0]?.endpoint.weight) };
}

function own(state: EndpointState): TrackedEndpoint {
  if (state instanceof TrackedEndpoint) return state;
  throw new TypeError('the endpoint state comes from another balancer');
}
