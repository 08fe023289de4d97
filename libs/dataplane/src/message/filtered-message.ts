import type { Outcome } from '#kernel';

/**
 * Header lines of one message, in the order and spelling in which they came. Names are looked up in lower case.
 * What no filter touched is forwarded byte for byte.
 */
export interface HeaderLines {
  /** Value of the first line of that name. */
  get(lowerName: string): string | undefined;
  /** Values of all lines of that name. */
  getAll(lowerName: string): string[];
  has(lowerName: string): boolean;
  /** Replaces all lines of that name by one, or appends it. */
  set(name: string, value: string): void;
  /** Appends a line, whatever there is. */
  add(name: string, value: string): void;
  remove(lowerName: string): void;
  /** All lines as `[name, value]`, spelling kept. */
  entries(): [string, string][];
}

/** The request as filters see it. What they assign is what goes upstream. */
export interface FilteredRequest {
  readonly method: string;
  /** As received, before any filter: raw path without the query. */
  readonly originalPath: string;
  /** Raw (percent-encoded) path; starts with `/`. */
  path: string;
  /** Raw query without `?`; undefined when the target had none. */
  query: string | undefined;
  readonly headers: HeaderLines;
  /** Host header (or `:authority`) as the client sent it. */
  readonly authority: string;
  readonly scheme: 'http' | 'https';
  readonly peerAddress: string;
  /** The peer, or the client that trusted proxies tell. */
  readonly clientAddress: string;
  /** Host for the upstream; undefined means the endpoint's own. */
  upstreamHost: string | undefined;
  /** Absolute URI that replaces cluster and path (`set-uri`). */
  upstreamUri: string | undefined;
  /** What the path and host patterns captured, percent-decoded. */
  readonly variables: Readonly<Record<string, string>>;
  /** `Content-Length`, or undefined when chunked or absent. */
  readonly contentLength: number | undefined;
}

export interface FilteredResponse {
  status: number;
  readonly headers: HeaderLines;
}

/** An answer that the gateway gives itself. */
export interface LocalResponse {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** Becomes the exchange's outcome. */
  readonly outcome: Outcome;
}

/** A model filter made executable, once per configuration version. Holds no per-request state. */
export interface CompiledFilter {
  readonly kind: string;
  /** Changes the request, or ends it with an answer. */
  onRequest?(request: FilteredRequest): LocalResponse | undefined;
  onResponse?(response: FilteredResponse, request: FilteredRequest): void;
}
