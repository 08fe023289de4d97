import type { Clock } from '#kernel';
import type { Filter } from '#traffic';
import type { CompiledFilter } from '../message/filtered-message.ts';
import type { RateLimiters } from './rate-limiters.ts';

export type FilterKind = Filter['kind'];

/** The model's filter of one kind. */
export type FilterOf<K extends FilterKind> = Extract<Filter, { kind: K }>;

/** What filters may need beside their own settings. */
export interface FilterContext {
  /** Id of the route, part of the identity of its rate limits. */
  readonly route: string;
  /** Buckets that outlive a configuration. Without them each compilation starts with full ones. */
  readonly limiters?: RateLimiters;
  readonly clock?: Clock;
}

export type FilterCompiler<K extends FilterKind> = (filter: FilterOf<K>, context: FilterContext) => CompiledFilter;
