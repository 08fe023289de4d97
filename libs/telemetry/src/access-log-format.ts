import type { RequestRecord } from '#dataplane';

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

/**
 * Compiles Envoy's format: `%PROTOCOL%`, `%REQ(:METHOD)%`, `%REQ(A?B)%`, `%RESP(…)%`. What a record does not have is
 * written `-`, as Envoy does. Operators that nobody here knows are answered by name.
 */
export function envoyFormat(format: string): { readonly format: AccessLogFormat; readonly unknown: readonly string[] } {
  const unknown: string[] = [];
  const parts = format.split(/(%[A-Z_]+(?:\([^)]*\))?(?::\d+)?%)/).map((part, index) => {
    if (index % 2 === 0) return () => part;
    const [, name = '', argument = ''] = /^%([A-Z_]+)(?:\(([^)]*)\))?/.exec(part) ?? [];
    const readers =
      name === 'REQ'
        ? argument.split('?').flatMap((header) => HEADERS[header.toUpperCase()] ?? [])
        : [FIELDS[name] ?? []].flat();
    if (readers.length === 0) unknown.push(part);
    return (record: RequestRecord) => {
      for (const read of readers) {
        const value = read(record);
        // A quote or line break in a header must not forge another field or line.
        if (value !== undefined && value !== '') return String(value).replaceAll(/["\\\p{Cc}]/gu, escape);
      }
      return '-';
    };
  });
  return { format: (record) => parts.map((part) => part(record)).join(''), unknown };
}

function escape(char: string): string {
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
