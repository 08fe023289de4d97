import type { PropertySource } from '#config';
import type { DownstreamLimits } from '#dataplane';
import type { ShownIdentity } from '#security';
import type { GatewaySettings } from './gateway-settings.ts';
import type { ListenOptions } from './traffic-plane.ts';

/** How the data plane shall listen. */
export function listenOptionsOf(settings: GatewaySettings, tls: readonly ShownIdentity[]): ListenOptions {
  const { address, port, http2Enabled } = settings;
  const limits: DownstreamLimits = {
    maxHeaderBytes: settings.maxHeaderBytes,
    maxHeaderCount: settings.maxHeaderCount,
    maxTargetBytes: settings.maxTargetBytes,
    maxBodyBytes: settings.maxBodyBytes,
    maxConnections: settings.maxConnections,
    maxRequestsPerConnection: settings.maxRequestsPerConnection,
    maxConcurrentStreams: settings.maxConcurrentStreams,
    handshakeTimeoutMs: settings.handshakeTimeoutMs,
    headerTimeoutMs: settings.headerTimeoutMs,
    keepAliveTimeoutMs: settings.keepAliveTimeoutMs,
    idleTimeoutMs: settings.idleTimeoutMs,
    requestTimeoutMs: settings.requestTimeoutMs,
  };
  return { address, port, http2: http2Enabled, limits, ...(tls.length > 0 && { tls }) };
}

/** What this process was told itself and the dialects read; stronger than the config server. */
export function ownSources({ trustedProxies, forwardedHeaders }: GatewaySettings): readonly PropertySource[] {
  const own = [
    ['cardea.gateway.trusted-proxies', trustedProxies.join(',')],
    ['cardea.gateway.forwarded-headers', forwardedHeaders ?? ''],
  ] as const;
  const given = own.filter(([, value]) => value !== '');
  if (given.length === 0) return [];
  const properties = new Map(given.map(([key, value]) => [key, { value, origin: { file: `--${key}` } }]));
  return [{ name: 'settings', properties }];
}
