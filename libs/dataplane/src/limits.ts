/** What one listener accepts. Sizes in bytes, times in milliseconds. */
export interface DownstreamLimits {
  /** Whole header block, request line included: 431. */
  readonly maxHeaderBytes: number;
  readonly maxHeaderCount: number;
  /** 414. */
  readonly maxTargetBytes: number;
  /** 413; chunked bodies are counted as they come. */
  readonly maxBodyBytes: number;
  /** Open connections; one more is closed at once. */
  readonly maxConnections: number;
  /** After so many the connection is closed, so that clients spread over instances again. */
  readonly maxRequestsPerConnection: number;
  /** HTTP/2: requests under way on one connection; more are refused unread, and may be repeated. */
  readonly maxConcurrentStreams: number;
  /** Until TLS is established. */
  readonly handshakeTimeoutMs: number;
  /** From a request's first byte to the end of its head: 408. */
  readonly headerTimeoutMs: number;
  /** Between two requests; the connection is closed without a word. */
  readonly keepAliveTimeoutMs: number;
  /** Longest silence of a request under way, in either direction, where its route says nothing. */
  readonly idleTimeoutMs: number;
  /** From a request's head to the end of its answer, where its route says nothing; 0 for no limit. */
  readonly requestTimeoutMs: number;
}

export const DOWNSTREAM_DEFAULTS: DownstreamLimits = {
  maxHeaderBytes: 16_384,
  maxHeaderCount: 100,
  maxTargetBytes: 8_192,
  maxBodyBytes: 1_073_741_824,
  maxConnections: 10_000,
  maxRequestsPerConnection: 100_000,
  maxConcurrentStreams: 100,
  handshakeTimeoutMs: 10_000,
  headerTimeoutMs: 10_000,
  // Above the 60 s at which load balancers in front usually reuse connections.
  keepAliveTimeoutMs: 75_000,
  idleTimeoutMs: 300_000,
  // Long polls, event streams and WebSockets have no end that anybody here could know.
  requestTimeoutMs: 0,
};
