import type { Route } from '#traffic';
import type { Attempt } from './attempt.ts';
import type { Exchange } from './exchange.ts';
import type { UpstreamFailure } from './http1/upstream-connection.ts';

/** Methods that may be repeated without harm (RFC 9110 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
/** Without a policy: how often a request that cannot have had an effect, or may be repeated, is sent again. */
const UNASKED_RETRIES = 2;
const UNASKED_REPLAY_BYTES = 65_536;

/**
 * How many bytes of a body are kept because they may have to be sent again. Once the connection stands, a request whose
 * method may not be repeated is sent once: nothing is kept of it.
 */
export function replayBytes(method: string, { retry, breaker }: Route, connected: boolean): number {
  const again =
    !connected ||
    IDEMPOTENT.has(method) ||
    retry?.methods.includes(method) === true ||
    breaker?.fallbackPath !== undefined;
  return again ? (retry?.maxReplayBytes ?? UNASKED_REPLAY_BYTES) : 0;
}

/**
 * Whether an attempt without an answer is followed by another. Two cases need no policy: the connection was never
 * established, so no byte was sent (any method); or it broke before a byte of the answer came and the method is
 * idempotent, which covers the pooled connection that the server closed unseen.
 */
export function retriesFailure(exchange: Exchange, attempt: Attempt, failure: UpstreamFailure | 'timeout'): boolean {
  if (!exchange.replayable || exchange.finished) return false;
  const failures = exchange.attempts.length;
  const idempotent = IDEMPOTENT.has(exchange.method);
  const unseen = failure === 'reset' && !attempt.answering && idempotent;
  if (failures <= UNASKED_RETRIES) {
    // Neither takes from the budget: no service saw a byte of the first, and the second is the pool's own doing.
    if (failure === 'connect' && hasOther(exchange, attempt)) return true;
    if (unseen && attempt.reused) return true;
  }
  const policy = exchange.runtime?.route.retry;
  if (policy && failures <= policy.retries && failure !== 'bad-response' && policy.on.includes(failure)) {
    if (failure === 'connect' || policy.methods.includes(exchange.method)) return withinBudget(exchange);
  }
  return unseen && failures <= UNASKED_RETRIES && withinBudget(exchange);
}

/** Whether an answer is thrown away for another try. */
export function retriesStatus(exchange: Exchange, status: number): boolean {
  const policy = exchange.runtime?.route.retry;
  if (!policy || !policy.statuses.includes(status) || !policy.methods.includes(exchange.method)) return false;
  return exchange.replayable && exchange.attempts.length <= policy.retries && withinBudget(exchange);
}

function withinBudget(exchange: Exchange): boolean {
  return exchange.runtime?.budget?.tryRetry() ?? true;
}

function hasOther(exchange: Exchange, attempt: Attempt): boolean {
  return exchange.runtime?.cluster?.balancer.endpoints.some((state) => state !== attempt.state) ?? false;
}
