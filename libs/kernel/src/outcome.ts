const NO_ERRORS = [
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
] as const;

/** The gateway's or the service's fault. */
const ERRORS = [
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

/**
 * How a request ended. Every request ends in exactly one; dashboards, metrics and access logs carry the same words.
 * The list follows Zuul 2's StatusCategory in spirit: it tells who failed, not only the HTTP status.
 */
export const OUTCOMES = [...NO_ERRORS, ...ERRORS] as const;

export type Outcome = (typeof OUTCOMES)[number];

const ERROR_NAMES: ReadonlySet<string> = new Set(ERRORS);

/** Whether a request that ended so counts as failed by the gateway or the service. */
export function isError(outcome: string): boolean {
  return ERROR_NAMES.has(outcome);
}
