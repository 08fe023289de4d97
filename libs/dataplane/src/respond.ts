import type { Outcome } from '#kernel';
import type { LocalResponse } from './message/filtered-message.ts';

/** An answer that tells a failure: its stable code is what people search for, the message never shows internals. */
interface ErrorAnswer {
  readonly status: number;
  readonly message: string;
}

/** The one place where a failure becomes HTTP. */
const ANSWERS: { readonly [O in Outcome]?: ErrorAnswer } = {
  'no-route': { status: 404, message: 'no route matches this request' },
  'client-bad-request': { status: 400, message: 'the request is malformed' },
  'client-too-large': { status: 413, message: 'the request is larger than this gateway accepts' },
  'client-timeout': { status: 408, message: 'the request did not arrive in time' },
  'rate-limited': { status: 429, message: 'too many requests' },
  unauthorized: { status: 401, message: 'credentials are needed' },
  overloaded: { status: 503, message: 'too many requests are under way' },
  'breaker-open': { status: 503, message: 'the service has failed too often and is left alone for a while' },
  'no-instance': { status: 503, message: 'no instance of the service is available' },
  'upstream-connect-failed': { status: 502, message: 'no instance of the service could be reached' },
  'upstream-reset': { status: 502, message: 'the service closed the connection before it answered' },
  'upstream-timeout': { status: 504, message: 'the service did not answer in time' },
  'upstream-bad-response': { status: 502, message: 'the answer of the service is not valid HTTP' },
  'internal-error': { status: 500, message: 'the gateway failed to handle the request' },
};

export interface ErrorDetail {
  readonly outcome: Outcome;
  /** More precise than the outcome. */
  readonly code?: string;
  readonly status?: number;
  readonly message?: string;
}

/** The answer for a failure: JSON, or text for those who ask for HTML (a browser). */
export function errorResponse(detail: ErrorDetail, requestId: string, accept: string | undefined): LocalResponse {
  const { outcome } = detail;
  const answer = ANSWERS[outcome] ?? { status: 500, message: 'the gateway failed to handle the request' };
  const status = detail.status ?? answer.status;
  const message = detail.message ?? answer.message;
  const code = detail.code ?? outcome;
  const plain = accept?.includes('text/html') === true && !accept.includes('json');
  const body = plain
    ? `${status} ${message} (${code}, request ${requestId})\n`
    : `${JSON.stringify({ status, code, message, requestId })}\n`;
  return {
    status,
    headers: [['Content-Type', plain ? 'text/plain; charset=utf-8' : 'application/json']],
    body,
    outcome,
  };
}
