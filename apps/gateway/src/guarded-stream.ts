import type { IncomingMessage } from 'node:http';
import { describeFailure, openStream, refusalOf } from '#event-stream';
import type { ControlPlaneGuards } from '#health';

export type OpenStream = typeof openStream;

/** Longest that a server may take to answer the head of a stream, ms. */
const HEAD_MS = 5_000;
/** Shorter than the pause that followers make after three failures: it is they who wait, this only keeps others from trying. */
export const RESET_MS = 500;

/** Opens streams of one server behind a circuit breaker; answers other than 200 are failures. */
export function guardedStream(guards: ControlPlaneGuards, name: string): OpenStream {
  return guards.guard(open, { name, resetMs: RESET_MS });
}

/** Why a stream is lost; undefined while its breaker keeps it from being tried. */
export function reasonOf({ cause }: Error): string | undefined {
  if (cause instanceof Error && 'code' in cause && cause.code === 'EOPENBREAKER') return undefined;
  return describeFailure(cause);
}

async function open(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error(`no answer within ${HEAD_MS} ms`)), HEAD_MS);
  try {
    const response = await openStream(url, headers, AbortSignal.any([signal, limit.signal]));
    if (response.statusCode === 200) return response;
    throw await refusalOf(response);
  } finally {
    clearTimeout(timer);
  }
}
