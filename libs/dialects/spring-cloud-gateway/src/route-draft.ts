import type { BoundNode } from '#config';
import type { Problem } from '#kernel';
import type { CircuitBreakerPolicy, Filter, Match, RetryPolicy, Timeouts } from '#traffic';
import type { FactoryCall, FactoryShape } from './factory-call.ts';

/** A route while its predicates and filters are translated one by one. */
export interface RouteDraft {
  readonly id: string;
  /** The whole configuration under the gateway's prefix. */
  readonly gateway: BoundNode;
  /** Everything: breakers and base paths live under other prefixes. */
  readonly root: BoundNode;
  readonly problems: Problem[];
  match: Match;
  readonly filters: Filter[];
  timeouts: Timeouts;
  retry?: RetryPolicy;
  breaker?: CircuitBreakerPolicy;
}

/** How one predicate or filter changes the draft. What it cannot express it reports on `args`. */
export interface Factory {
  readonly shape: FactoryShape;
  /** Predicates: false when a bare `Name` is meant to work. */
  readonly needsArguments?: boolean;
  translate(args: BoundNode, draft: RouteDraft, call: FactoryCall): void;
}

export type FactoryTable = Readonly<Record<string, Factory>>;
