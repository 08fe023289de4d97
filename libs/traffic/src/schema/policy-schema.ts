import { amount, count, flag, list, name, object, oneOf, statuses, text, texts, union } from './json-schema.ts';

export const timeoutsSchema = object({ 'responseMs?': amount, 'totalMs?': amount, 'idleMs?': amount });

export const retrySchema = object({
  retries: count,
  methods: texts,
  statuses,
  on: list(oneOf('connect', 'reset', 'timeout')),
  'perTryTimeoutMs?': amount,
  'backoff?': object({ firstMs: amount, 'maxMs?': amount, factor: amount, jitter: amount }),
  maxReplayBytes: count,
  budget: object({ ratio: amount, minPerSecond: amount }),
});

export const breakerSchema = object({
  name: text,
  window: union({ count: { size: count }, time: { ms: amount } }),
  minimumCalls: count,
  failureRateThreshold: amount,
  'slowCallRateThreshold?': amount,
  'slowCallDurationMs?': amount,
  openMs: amount,
  halfOpenCalls: count,
  failureStatuses: statuses,
  'fallbackPath?': text,
  'timeoutMs?': amount,
});

export const outlierSchema = object({
  consecutiveFailures: count,
  baseEjectionMs: amount,
  maxEjectionMs: amount,
  maxEjectionPercent: amount,
});

export const endpointSchema = object({
  id: name,
  host: text,
  port: count,
  weight: amount,
  'secure?': flag,
  'zone?': text,
});
