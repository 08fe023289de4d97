import type { Endpoint } from '#traffic';

/** An endpoint with what this worker has seen of it. Objects live as long as the endpoint id stays in the set. */
export interface EndpointState {
  readonly endpoint: Endpoint;
  /** Requests under way. Kept by `started` and `finished`. */
  readonly active: number;
  /** False while ejected as an outlier. */
  readonly available: boolean;
}

/** How one attempt went, for statistics. `latencyMs` is to the answer's head. */
export interface AttemptResult {
  readonly ok: boolean;
  readonly latencyMs: number;
  /** The caller gave up: the attempt says nothing about the endpoint and only leaves the count of active requests. */
  readonly cancelled?: boolean;
}

/** What a rule may look at when it chooses. `tried` holds endpoints that failed this request already. */
export interface PickContext {
  readonly tried: readonly EndpointState[];
}

export type PickResult =
  | { readonly kind: 'endpoint'; readonly state: EndpointState }
  /** The set is empty. */
  | { readonly kind: 'no-instance' };

/** A momentary view to choose from. Cheap, allocation-free, never waits. */
export interface Picker {
  pick(context: PickContext): PickResult;
}

/**
 * Owns the endpoints of one cluster: takes new sets, keeps the state of those that stay, ejects outliers and replaces
 * the picker whenever the choice changes.
 */
export interface Balancer extends Picker {
  readonly endpoints: readonly EndpointState[];
  update(endpoints: readonly Endpoint[]): void;
  started(state: EndpointState): void;
  finished(state: EndpointState, result: AttemptResult): void;
  close(): void;
}
