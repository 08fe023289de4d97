import type { RequestRecord } from '#dataplane';
import { suggest } from '#kernel';

/** Writes one request as one line, without the line break. */
export type AccessLogFormat = (record: RequestRecord) => string;

const FIELDS: Readonly<Record<string, (record: RequestRecord) => string | number | undefined>> = {
  START_TIME: (record) => new Date(record.startedAtMs).toISOString(),
  PROTOCOL: (record) => record.protocol,
  RESPONSE_CODE: (record) => record.status,
  RESPONSE_CODE_DETAILS: (record) => record.errorCode ?? record.outcome,
  RESPONSE_FLAGS: (record) => (record.outcome === 'success' ? undefined : record.outcome),
  BYTES_RECEIVED: (record) => record.requestBytes,
  BYTES_SENT: (record) => record.responseBytes,
  DURATION: (record) => Math.round(record.durationMs),
  ROUTE_NAME: (record) => record.route,
  UPSTREAM_CLUSTER: (record) => record.cluster,
  UPSTREAM_HOST: (record) => record.endpoint,
  UPSTREAM_REQUEST_ATTEMPT_COUNT: (record) => record.attempts.length,
  DOWNSTREAM_REMOTE_ADDRESS: (record) => record.clientAddress,
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: (record) => record.clientAddress,
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS: (record) => record.peerAddress,
  REQUEST_ID: (record) => record.id,
  TRACE_ID: (record) => record.traceId,
};

const HEADERS: Readonly<Record<string, (record: RequestRecord) => string | number | undefined>> = {
  ':METHOD': (record) => record.method,
  ':PATH': (record) => record.target,
  'X-ENVOY-ORIGINAL-PATH': () => undefined,
  ':AUTHORITY': (record) => record.authority,
  'USER-AGENT': (record) => record.userAgent,
  'X-REQUEST-ID': (record) => record.id,
  'X-FORWARDED-FOR': (record) => record.clientAddress,
};

export const jsonFormat: AccessLogFormat = (record) =>
  JSON.stringify({ ...record, startedAt: new Date(record.startedAtMs).toISOString(), startedAtMs: undefined });

/** Something in a format that nothing here can write. */
export interface UnknownOperator {
  readonly operator: string;
  /** Of its `%`, counted from 1. */
  readonly position: number;
  readonly remedy: string;
}

type Read = (record: RequestRecord) => string;

/**
 * Compiles Envoy's format: `%PROTOCOL%`, `%REQ(:METHOD)%`, `%REQ(A?B):80%`, `%%`. What a record does not have is written
 * `-`, as Envoy does. Operators that nobody here knows are answered with their place, and written `-` too.
 */
export function envoyFormat(format: string): {
  readonly format: AccessLogFormat;
  readonly unknown: readonly UnknownOperator[];
} {
  const unknown: UnknownOperator[] = [];
  let position = 1;
  const parts = format.split(/(%%|%[A-Z_0-9]+(?:\([^)]*\))?(?::\d+)?%)/).map((part, index): Read => {
    const at = position;
    position += part.length;
    if (part === '%%') return () => '%';
    if (index % 2 === 1) return compileOperator(part, at, unknown);
    const stray = part.indexOf('%');
    if (stray >= 0) {
      const operator = part.slice(stray, stray + 20);
      unknown.push({ operator, position: at + stray, remedy: 'write %NAME%, or %% for a percent sign' });
    }
    return () => part;
  });
  return { format: (record) => parts.map((part) => part(record)).join(''), unknown };
}

function compileOperator(operator: string, position: number, unknown: UnknownOperator[]): Read {
  const [, name = '', argument = '', limit = ''] = /^%([A-Z_0-9]+)(?:\(([^)]*)\))?(?::(\d+))?%$/.exec(operator) ?? [];
  const readers =
    name === 'REQ'
      ? argument.split('?').flatMap((header) => HEADERS[header.trim().toUpperCase()] ?? [])
      : [FIELDS[name] ?? []].flat();
  if (readers.length === 0) unknown.push({ operator, position, remedy: remedyFor(name) });
  const length = limit === '' ? Infinity : Number(limit);
  return (record) => {
    for (const read of readers) {
      const value = read(record);
      // A quote or line break in a header must not forge another field or line.
      if (value !== undefined && value !== '') {
        return String(value)
          .slice(0, length)
          .replaceAll(/["\\\p{Cc}]/gu, escape);
      }
    }
    return '-';
  };
}

function remedyFor(name: string): string {
  if (name === 'REQ') return `of the request's headers there are ${Object.keys(HEADERS).join(', ')}`;
  const guess = suggest(name, [...Object.keys(FIELDS), 'REQ']);
  return guess === undefined ? `there are ${Object.keys(FIELDS).join(', ')} and REQ(…)` : `did you mean %${guess}%?`;
}

function escape(char: string): string {
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
