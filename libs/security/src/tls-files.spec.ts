import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '#testing';
import { readTlsIdentity, watchTlsFiles, type TlsIdentity } from './tls-files.ts';

let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-tls-'));
  for (const name of ['a', 'b']) {
    const { cert, key } = selfSigned(`DNS:${name}.test`, `DNS:*.${name}.test`);
    writeFileSync(file(`${name}.pem`), cert);
    writeFileSync(file(`${name}.key`), key);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('reads a certificate with its names and its end', async () => {
  const identity = await readTlsIdentity({ certificate: file('a.pem'), privateKey: file('a.key') });
  expect(identity.names).toEqual(['a.test', '*.a.test']);
  expect(identity.expiresAt).toBeGreaterThan(Date.now());
});

it('says which file is wrong', async () => {
  const read = (certificate: string, privateKey: string) =>
    readTlsIdentity({ certificate: file(certificate), privateKey: file(privateKey) });
  await expect(read('a.pem', 'b.key')).rejects.toThrow(/b\.key is not the key of .*a\.pem/);
  await expect(read('none.pem', 'b.key')).rejects.toThrow(/none\.pem cannot be read/);
  writeFileSync(file('junk.pem'), 'junk');
  await expect(read('junk.pem', 'a.key')).rejects.toThrow(/junk\.pem does not hold a certificate/);
});

it('tells a renewed pair, and keeps the old one while the two files do not fit', async () => {
  copyFileSync(file('a.pem'), file('live.pem'));
  copyFileSync(file('a.key'), file('live.key'));
  const events: string[] = [];
  const waiting: (() => void)[] = [];
  const next = () => new Promise<void>((resolve) => waiting.push(resolve));
  const tell = (event: string) => {
    events.push(event);
    waiting.shift()?.();
  };
  const first = next();
  const watch = watchTlsFiles(
    { certificate: file('live.pem'), privateKey: file('live.key') },
    ({ names }: TlsIdentity) => tell(names[0] ?? ''),
    () => tell('fault'),
  );
  await first;
  const second = next();
  copyFileSync(file('b.pem'), file('live.pem'));
  await second;
  const third = next();
  copyFileSync(file('b.key'), file('live.key'));
  await third;
  watch.close();
  expect(events).toEqual(['a.test', 'fault', 'b.test']);
});
