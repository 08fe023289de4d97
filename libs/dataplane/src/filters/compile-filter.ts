import { CardeaError } from '#kernel';
import type { Filter } from '#traffic';
import type { CompiledFilter } from '../message/filtered-message.ts';
import * as answers from './answer-filters.ts';
import type { FilterCompiler, FilterContext, FilterKind, FilterOf } from './filter-compiler.ts';
import * as headers from './header-filters.ts';
import * as limits from './limit-filters.ts';
import * as paths from './path-filters.ts';
import * as queries from './query-filters.ts';
import { rateLimit } from './rate-limit.ts';
import { rewriteLocation } from './rewrite-location.ts';
import * as targets from './target-filters.ts';

/** Every filter of the model has its compiler here: a new one does not type-check without. */
const COMPILERS: { readonly [K in FilterKind]: FilterCompiler<K> } = {
  'add-header': headers.addHeader,
  'set-header': headers.setHeader,
  'remove-header': headers.removeHeader,
  'copy-header': headers.copyHeader,
  'rewrite-header': headers.rewriteHeader,
  'dedupe-header': headers.dedupeHeader,
  'secure-headers': headers.secureHeaders,
  'rewrite-location': rewriteLocation,
  'strip-segments': paths.stripSegments,
  'strip-prefix': paths.stripPrefix,
  'prefix-path': paths.prefixPath,
  'set-path': paths.setPath,
  'rewrite-path': paths.rewritePath,
  'add-query': queries.addQuery,
  'remove-query': queries.removeQuery,
  'rewrite-query': queries.rewriteQuery,
  'set-host': targets.setHost,
  'preserve-host': targets.preserveHost,
  'set-uri': targets.setUri,
  'uri-from-header': targets.uriFromHeader,
  'prefix-header': targets.prefixHeader,
  'request-size': limits.requestSize,
  'request-header-size': limits.requestHeaderSize,
  'rate-limit': rateLimit,
  redirect: answers.redirect,
  respond: answers.respond,
  'set-status': answers.setStatus,
};

function compile<K extends FilterKind>(kind: K, filter: FilterOf<K>, context: FilterContext): CompiledFilter {
  return COMPILERS[kind](filter, context);
}

/** Makes one filter executable. Throws a CardeaError when its expression or replacement is broken. */
export function compileFilter(filter: Filter, context: FilterContext = { route: '' }): CompiledFilter {
  if (!Object.hasOwn(COMPILERS, filter.kind)) {
    throw new CardeaError('unknown-filter', `there is no filter "${filter.kind}"`, { source: 'internal' });
  }
  return compile(filter.kind, filter, context);
}

/** The filters of one route, in order. Of several `prefix-path` with `once` only the first acts, as in Spring. */
export function compileFilters(filters: readonly Filter[], context: FilterContext): readonly CompiledFilter[] {
  let prefixed = false;
  return filters
    .filter((filter) => {
      if (filter.kind !== 'prefix-path' || filter.once !== true) return true;
      const first = !prefixed;
      prefixed = true;
      return first;
    })
    .map((filter) => compileFilter(filter, context));
}
