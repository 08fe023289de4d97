import { requestFinished, type RequestRecord } from '../events.ts';
import { fault, type Fault } from '../message/grammar.ts';
import type { ErrorDetail } from '../respond.ts';

/** More of a target than this is not worth logging when the request was refused. */
const MAX_TARGET = 2_048;
const MAX_REFUSED_TEXT = 4_096;

export const BARE_LINE_FEED = fault('bare-line-feed', 'a line ends without CR');
export const LONE_CR = fault('bad-request-line', 'a CR stands alone before the request');

export interface RefusedRequest {
  readonly id: string;
  /** What came of the head, latin1. */
  readonly text: string;
  /** Where the text does not tell it. */
  readonly protocol?: 'HTTP/2';
  readonly peerAddress: string;
  /** 0 when nobody was left to be told. */
  readonly status: number;
  readonly detail: ErrorDetail;
  readonly responseBytes: number;
  readonly durationMs: number;
}

/** Tells of a request that never became an exchange, with as much as its bytes tell; `-` where they tell nothing. */
export function publishRefused(refused: RefusedRequest): void {
  if (!requestFinished.hasSubscribers) return;
  const { id, text, peerAddress, status, detail, responseBytes, durationMs } = refused;
  const line = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}) +([!-~]+)(?: +HTTP\/1\.(\d))?/.exec(text);
  const record: RequestRecord = {
    id,
    startedAtMs: Date.now() - durationMs,
    method: line?.[1] ?? '-',
    target: line?.[2]?.slice(0, MAX_TARGET) ?? '-',
    authority: valueOf(text, 'host') ?? '',
    protocol: refused.protocol ?? (line?.[3] === '0' ? 'HTTP/1.0' : 'HTTP/1.1'),
    peerAddress,
    clientAddress: peerAddress,
    userAgent: valueOf(text, 'user-agent'),
    route: undefined,
    cluster: undefined,
    endpoint: undefined,
    status,
    outcome: detail.outcome,
    errorCode: detail.code ?? detail.outcome,
    requestBytes: 0,
    responseBytes,
    durationMs,
    upstreamMs: 0,
    attempts: [],
    traceId: undefined,
    spanId: undefined,
    parentSpanId: undefined,
  };
  requestFinished.publish(record);
}

/** Visible characters only: a log line is no place for the rest. */
function valueOf(text: string, name: string): string | undefined {
  return new RegExp(`\\r\\n${name}:[ \\t]*([ -~]*)\\r\\n`, 'i').exec(text)?.[1]?.trim();
}

export function detailOf({ code, status, message }: Fault): ErrorDetail {
  return { outcome: 'client-bad-request', code, status, message };
}

/** As much of a refused head as its log line may need. */
export function textOf(buffer: Buffer, start = 0, end = buffer.length): string {
  return buffer.toString('latin1', start, Math.min(end, start + MAX_REFUSED_TEXT));
}
