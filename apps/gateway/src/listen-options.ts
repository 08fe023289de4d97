import type { PropertySource } from '#config';
import { CardeaError } from '#kernel';
import { readTlsIdentity, type TlsFiles } from '#security';
import type { GatewaySettings } from './gateway-settings.ts';
import type { ListenOptions } from './traffic-plane.ts';

/** How the data plane shall listen. Files that hold no certificate or another's key are refused here, by name. */
export async function listenOptionsOf(settings: GatewaySettings): Promise<ListenOptions> {
  const { address, port, maxHeaderBytes } = settings;
  const tls = tlsFilesOf(settings);
  if (tls === undefined) return { address, port, maxHeaderBytes };
  await readTlsIdentity(tls);
  return { address, port, maxHeaderBytes, tls };
}

function tlsFilesOf({ certificate, privateKey }: GatewaySettings): TlsFiles | undefined {
  if (certificate !== undefined && privateKey !== undefined) return { certificate, privateKey };
  if (certificate === undefined && privateKey === undefined) return undefined;
  const what =
    privateKey === undefined ? 'server.ssl.certificate has no key' : 'server.ssl.certificate-private-key is alone';
  throw new CardeaError('bad-setting', what, {
    source: 'downstream',
    remedy: 'set both server.ssl.certificate and server.ssl.certificate-private-key',
  });
}

/** What this process was told itself and the dialects read; stronger than the config server. */
export function ownSources({ trustedProxies }: GatewaySettings): readonly PropertySource[] {
  if (trustedProxies.length === 0) return [];
  const key = 'cardea.gateway.trusted-proxies';
  const properties = new Map([[key, { value: trustedProxies.join(','), origin: { file: `--${key}` } }]]);
  return [{ name: 'settings', properties }];
}
