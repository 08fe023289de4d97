export { backoffMs } from './backoff.ts';
export { HYSTRIX, RESILIENCE4J, type BreakerSemantics } from './breaker-semantics.ts';
export {
  CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitTransition,
  type CircuitView,
} from './circuit-breaker.ts';
export { ConcurrencyLimit } from './concurrency-limit.ts';
export type { CircuitState, Gate } from './gate.ts';
export { RetryBudget, type RetryBudgetOptions } from './retry-budget.ts';
export { TokenBucketLimiter, type TokenBucketOptions, type TokenGrant } from './token-bucket-limiter.ts';
