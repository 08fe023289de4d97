import { DOWNSTREAM_DEFAULTS } from '#dataplane';
import type { GatewaySettings } from './gateway-settings.ts';

/** Settings of a gateway in one process on free ports, without TLS, Redis or access log. */
export function gatewaySettings(
  parts: Partial<GatewaySettings> & Pick<GatewaySettings, 'registryUrl' | 'dataDir'>,
): GatewaySettings {
  return {
    port: 0,
    address: '127.0.0.1',
    name: 'gateway',
    profiles: [],
    workers: 1,
    configUrl: 'http://127.0.0.1:1',
    configLabel: undefined,
    drainTimeoutMs: 1_000,
    managementPort: 0,
    managementAddress: '127.0.0.1',
    accessLog: 'off',
    accessLogFormat: 'json',
    certificate: undefined,
    privateKey: undefined,
    sslBundle: undefined,
    serverNameBundles: {},
    pemBundles: {},
    ...DOWNSTREAM_DEFAULTS,
    http2Enabled: true,
    maxHeaderBytes: 65_536,
    trustedProxies: [],
    busTransport: 'local',
    redisUrl: 'redis://127.0.0.1:6379',
    ...parts,
  };
}
