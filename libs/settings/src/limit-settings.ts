import { dataSize, duration, integer } from './definition.ts';

/** What the gateway's port takes from one client. */
export const LIMIT_SETTINGS = {
  maxHeaderBytes: dataSize('server.max-http-request-header-size', 65_536, 'longest header block taken'),
  maxHeaderCount: integer('cardea.gateway.max-header-count', 100, 'most header fields of one request', [1, 10_000]),
  maxTargetBytes: dataSize('cardea.gateway.max-url-length', 8_192, 'longest path and query taken'),
  maxBodyBytes: dataSize('cardea.gateway.max-body-size', 1_073_741_824, 'longest request body taken'),
  maxConnections: integer(
    'cardea.gateway.max-connections',
    10_000,
    'open connections, per worker process',
    [1, 10_000_000],
  ),
  maxRequestsPerConnection: integer(
    'cardea.gateway.max-requests-per-connection',
    100_000,
    'after so many a connection is closed, so that clients spread again',
    [1, 1_000_000_000],
  ),
  maxConcurrentStreams: integer(
    'cardea.gateway.http2.max-concurrent-streams',
    100,
    'HTTP/2 requests under way on one connection',
    [1, 10_000],
  ),
  handshakeTimeoutMs: duration('cardea.gateway.tls-handshake-timeout', 10_000, 'longest that TLS may take to begin'),
  headerTimeoutMs: duration(
    'cardea.gateway.header-timeout',
    10_000,
    'longest from the first byte of a request to the end of its head',
  ),
  keepAliveTimeoutMs: duration(
    'cardea.gateway.keep-alive-timeout',
    75_000,
    'how long a connection may wait for its next request',
  ),
  idleTimeoutMs: duration(
    'cardea.gateway.idle-timeout',
    300_000,
    'longest silence of a request under way, unless its route says otherwise',
  ),
  requestTimeoutMs: duration(
    'cardea.gateway.request-timeout',
    0,
    'longest that a whole request may take, unless its route says otherwise; 0: no limit',
  ),
} as const;
