import type { BoundNode } from '#config';
import type { Cluster } from '#traffic';

/** What `httpclient.*` says about all upstream connections. */
export interface HttpClientSettings {
  readonly cluster: Omit<Cluster, 'id' | 'endpoints'>;
  readonly verifyTls: boolean;
  /** To the answer's head; absent means unlimited. */
  readonly responseTimeoutMs: number | undefined;
}

/** Reads `httpclient.*`. */
export function readHttpClient(gateway: BoundNode): HttpClientSettings {
  const client = gateway.at('httpclient');
  const insecure = client.boolean('ssl.use-insecure-trust-manager') ?? false;
  if (insecure)
    client.at('ssl.use-insecure-trust-manager').report({
      severity: 'warning',
      code: 'insecure',
      message: 'certificates of upstreams are not verified',
      remedy: 'remove use-insecure-trust-manager and trust the authority that signed them',
    });
  return {
    cluster: {
      balancing: 'round-robin',
      protocol: 'http1',
      connectTimeoutMs: client.integer('connect-timeout', { min: 1 }) ?? 2000,
      maxConnections: client.integer('pool.max-connections', { min: 1 }) ?? 256,
      idleTimeoutMs: client.duration('pool.max-idle-time') ?? 55_000,
      maxConcurrentRequests: 1024,
    },
    verifyTls: !insecure,
    responseTimeoutMs: client.duration('response-timeout'),
  };
}
