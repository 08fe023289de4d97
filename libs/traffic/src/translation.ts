import type { Problem } from '#kernel';
import type { Cluster, Forwarding, Route } from './model.ts';

/** What a dialect makes of the properties it knows: a part of a `TrafficConfig`. */
export interface Translation {
  /** In matching order. A route with an error is left out. */
  readonly routes: readonly Route[];
  readonly clusters: readonly Cluster[];
  readonly problems: readonly Problem[];
  /** Absent when the properties say nothing about it. */
  readonly forwarding?: Forwarding;
}

/** What a dialect may need to know beside the properties. */
export interface TranslationContext {
  /** Services that discovery knows, in its order: automatic routes are made of them. */
  readonly services: readonly string[];
  /** The gateway's own service, which gets no automatic route. */
  readonly ownService?: string;
}
