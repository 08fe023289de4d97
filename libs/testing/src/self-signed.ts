import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const DAY_MS = 86_400_000;
/** Tags of DER (X.690) that a certificate needs. */
const Tag = { boolean: 1, integer: 2, bits: 3, octets: 4, oid: 6, utf8: 12, time: 24, sequence: 48, set: 49 } as const;

function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

const sequence = (...contents: readonly Uint8Array[]): Buffer => der(Tag.sequence, ...contents);
const oid = (hex: string): Buffer => der(Tag.oid, Buffer.from(hex, 'hex'));
const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'));

function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+Z/g, '');
  return der(Tag.time, Buffer.from(`${digits}Z`));
}

/** `DNS:a.test` or `IP:127.0.0.1` (RFC 5280 4.2.1.6). */
function alternativeName(name: string): Buffer {
  const address = /^IP:(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(name);
  if (address) return der(0x87, Buffer.from(address.slice(1).map(Number)));
  return der(0x82, Buffer.from(name.replace(/^DNS:/, '')));
}

/** PEM texts of a new certificate that signs itself, for these names; the first is its subject too. Good for two days. */
export function selfSigned(...names: readonly string[]): { readonly cert: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = (names[0] ?? 'test').replace(/^\w+:/, '');
  const name = sequence(der(Tag.set, sequence(oid('550403'), der(Tag.utf8, Buffer.from(subject)))));
  const yes = der(Tag.boolean, Buffer.of(255));
  const extensions = sequence(
    sequence(oid('551d13'), yes, der(Tag.octets, sequence(yes))),
    sequence(oid('551d11'), der(Tag.octets, sequence(...names.map(alternativeName)))),
  );
  const now = Date.now();
  const body = sequence(
    der(0xa0, der(Tag.integer, Buffer.of(2))),
    der(Tag.integer, Buffer.of(1), randomBytes(8)),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(now - DAY_MS), time(now + 2 * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const signature = der(Tag.bits, Buffer.of(0), sign('sha256', body, privateKey));
  const base64 = sequence(body, ECDSA_WITH_SHA256, signature).toString('base64');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  };
}
