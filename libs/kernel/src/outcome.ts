/**
 * How a request ended. Every request ends in exactly one; dashboards, metrics and access logs carry the same words.
 * The list follows Zuul 2's StatusCategory in spirit: it tells who failed, not only the HTTP status.
 */
export const OUTCOMES = [
  'success',
  'not-found',
  'redirected',
  'responded-locally',
  'no-route',
  'client-bad-request',
  'client-too-large',
  'client-timeout',
  'client-aborted',
  'rate-limited',
  'unauthorized',
  'overloaded',
  'breaker-open',
  'no-instance',
  'upstream-connect-failed',
  'upstream-reset',
  'upstream-timeout',
  'upstream-bad-response',
  'upstream-error',
  'internal-error',
] as const;

export type Outcome = (typeof OUTCOMES)[number];
