import type { BoundNode } from '#config';
import { CLUSTER_DEFAULTS, type Cluster } from '#traffic';

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
      ...CLUSTER_DEFAULTS,
      connectTimeoutMs: client.integer('connect-timeout', { min: 1 }) ?? CLUSTER_DEFAULTS.connectTimeoutMs,
      maxConnections: client.integer('pool.max-connections', { min: 1 }) ?? CLUSTER_DEFAULTS.maxConnections,
      pendingTimeoutMs: client.integer('pool.acquire-timeout', { min: 0 }) ?? CLUSTER_DEFAULTS.pendingTimeoutMs,
      idleTimeoutMs: client.duration('pool.max-idle-time') ?? CLUSTER_DEFAULTS.idleTimeoutMs,
    },
    verifyTls: !insecure,
    responseTimeoutMs: client.duration('response-timeout'),
  };
}
