import type { BoundNode } from '#config';
import type { CircuitBreakerPolicy, Cluster, RetryPolicy, RouteAction, Timeouts } from '#traffic';
import type { ZuulSettings } from './zuul-settings.ts';

/** How a route reaches its target. */
export interface RouteTarget {
  readonly action: RouteAction;
  readonly cluster?: Cluster;
  readonly timeouts?: Timeouts;
  readonly retry?: RetryPolicy;
  readonly breaker?: CircuitBreakerPolicy;
}

const IDEMPOTENT = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'];

/** A `url`: one address, no discovery, no breaker. `zuul.host.*` holds its limits. */
export function urlTarget(url: string, zuul: BoundNode, settings: ZuulSettings): RouteTarget | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port, pathname } = new URL(url);
  const secure = protocol === 'https:';
  const number = port === '' ? (secure ? 443 : 80) : Number(port);
  const endpoint = { id: `${hostname}:${number}`, host: hostname.replace(/^\[|\]$/g, ''), port: number, weight: 1 };
  const host = zuul.at('host');
  const responseMs = host.duration('socket-timeout-millis') ?? 10_000;
  const cluster: Cluster = {
    id: `zuul:${protocol}//${hostname}:${number}`,
    endpoints: { kind: 'static', endpoints: [secure ? { ...endpoint, secure } : endpoint] },
    balancing: 'round-robin',
    protocol: 'http1',
    ...(secure ? { tls: { verify: settings.verifyTls } } : {}),
    connectTimeoutMs: host.duration('connect-timeout-millis') ?? 2000,
    maxConnections: host.integer('max-per-route-connections', { min: 1 }) ?? 256,
    idleTimeoutMs: 55_000,
    maxConcurrentRequests: 1024,
  };
  const basePath = pathname.replace(/\/+$/, '');
  return {
    action: { kind: 'forward', cluster: cluster.id, ...(basePath === '' ? {} : { basePath }) },
    cluster,
    timeouts: responseMs > 0 ? { responseMs } : {},
    // The original's HTTP client sends an idempotent request up to three times more when the connection dies early.
    retry: {
      retries: 3,
      methods: IDEMPOTENT,
      statuses: [],
      on: ['reset'],
      maxReplayBytes: 65_536,
      budget: { ratio: 0.2, minPerSecond: 10 },
    },
  };
}
