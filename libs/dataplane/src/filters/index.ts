export { compileProblem } from './check-route.ts';
export { compileFilter, compileFilters } from './compile-filter.ts';
export type { FilterContext } from './filter-compiler.ts';
export { RateLimiters } from './rate-limiters.ts';
