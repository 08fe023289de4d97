import { CardeaError } from '#kernel';
import type { CertificateFiles } from '#security';
import type { GatewaySettings } from './gateway-settings.ts';

type TlsSettings = Pick<
  GatewaySettings,
  'certificate' | 'privateKey' | 'sslBundle' | 'serverNameBundles' | 'pemBundles'
>;

/** The certificates that the settings name, the default one first; none: no TLS. */
export function certificateFilesOf(settings: TlsSettings): readonly CertificateFiles[] {
  const { certificate, privateKey, sslBundle, serverNameBundles } = settings;
  if ((certificate === undefined) !== (privateKey === undefined)) {
    throw bad(
      privateKey === undefined ? 'server.ssl.certificate has no key' : 'server.ssl.certificate-private-key is alone',
      'set both server.ssl.certificate and server.ssl.certificate-private-key',
    );
  }
  if (certificate !== undefined && sslBundle !== undefined) {
    throw bad('server.ssl.certificate and server.ssl.bundle both name the default certificate', 'set one of them');
  }
  const named = [...recordsOf(serverNameBundles)].map(([id, values]) => {
    const [name, bundle] = [values.get('servername'), values.get('bundle')];
    const key = `server.ssl.server-name-bundles[${id}]`;
    if (name === undefined || bundle === undefined) throw bad(`${key} is not complete`, 'give server-name and bundle');
    if (!/^(?:\*\.)?[^*.\s]+(?:\.[^*.\s]+)*\.?$/.test(name)) {
      throw bad(`${key}.server-name: "${name}" is no host name`, 'write it like shop.example.com or *.example.com');
    }
    return { ...bundleOf(settings, bundle, key), serverNames: [name] };
  });
  if (certificate !== undefined && privateKey !== undefined) return [{ certificate, privateKey }, ...named];
  if (sslBundle !== undefined) return [bundleOf(settings, sslBundle, 'server.ssl.bundle'), ...named];
  if (named.length === 0) return [];
  throw bad('server.ssl.server-name-bundles has no default', 'set server.ssl.bundle or server.ssl.certificate too');
}

function bundleOf({ pemBundles }: TlsSettings, bundle: string, from: string): CertificateFiles {
  const prefix = `spring.ssl.bundle.pem.${bundle}.keystore`;
  const values = recordsOf(pemBundles).get(bundle);
  const certificate = values?.get('keystore.certificate');
  const privateKey = values?.get('keystore.privatekey');
  if (certificate === undefined || privateKey === undefined) {
    throw bad(
      `${from} names the bundle "${bundle}", which has no ${certificate === undefined ? 'certificate' : 'key'}`,
      `set ${prefix}.certificate and ${prefix}.private-key`,
    );
  }
  return { certificate: pathOf(certificate), privateKey: pathOf(privateKey) };
}

/** Fields, in relaxed spelling, by the number or the name that stands before them. */
function recordsOf(entries: Readonly<Record<string, string>>): Map<string, Map<string, string>> {
  const records = new Map<string, Map<string, string>>();
  for (const [key, value] of Object.entries(entries)) {
    const [, id = '', field = ''] = /^\[?([^.\]]+)\]?\.(.+)$/.exec(key) ?? [];
    const record = records.get(id) ?? new Map<string, string>();
    records.set(id, record.set(field.toLowerCase().replaceAll(/[-_]/g, ''), value));
  }
  return records;
}

/** Spring writes locations; only those in the file system mean something here. */
function pathOf(location: string): string {
  return location.replace(/^file:(?:\/\/(?=\/))?/, '');
}

function bad(message: string, remedy: string): CardeaError {
  return new CardeaError('bad-setting', message, { source: 'downstream', remedy });
}
