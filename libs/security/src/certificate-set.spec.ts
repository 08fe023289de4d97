import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '#testing';
import { CertificateSet } from './certificate-set.ts';

let folder: string;
const file = (name: string) => join(folder, name);
const pair = (name: string) => ({ certificate: file(`${name}.pem`), privateKey: file(`${name}.key`) });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-certificates-'));
  for (const name of ['a', 'b', 'c']) {
    const { cert, key } = selfSigned(`DNS:${name}.test`);
    writeFileSync(file(`${name}.pem`), cert);
    writeFileSync(file(`${name}.key`), key);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const copy = (from: string, to: string) => {
  copyFileSync(file(`${from}.key`), file(`${to}.key`));
  copyFileSync(file(`${from}.pem`), file(`${to}.pem`));
};

it('refuses to begin with files that cannot be used', async () => {
  await expect(CertificateSet.read([pair('a'), pair('none')])).rejects.toThrow(/none\.pem cannot be read/);
});

it('renews one of several, keeps it while its files are broken, says so, and takes that back', async () => {
  copy('a', 'first');
  copy('b', 'second');
  const set = await CertificateSet.read([pair('first'), { ...pair('second'), serverNames: ['*.b.test'] }]);
  expect(set.identities.map(({ names }) => names)).toEqual([['a.test'], ['*.b.test']]);
  const told: string[] = [];
  let look = (): void => undefined;
  const tell = (what: string) => {
    told.push(what);
    look();
  };
  /** Half a change may be read before the whole: that is told as well, and taken back. */
  const step = (change: () => void, wanted: RegExp) =>
    new Promise<void>((resolve) => {
      look = () => {
        if (wanted.test(told.at(-1) ?? '')) resolve();
      };
      change();
    });
  set.watch({
    onRenewed: (identities, path) => tell(`renewed ${path === file('first.pem')} ${identities[0]?.names.join()}`),
    onProblem: ({ code, message }) => tell(`${code} ${message}`),
    onResolved: () => tell('resolved'),
  });
  await step(() => copy('c', 'first'), /^renewed true c\.test$/);
  await step(
    () => writeFileSync(file('first.pem'), 'junk'),
    /first\.pem does not hold a certificate.*; the certificate read before stays in use$/,
  );
  expect(set.states.map(({ problem }) => problem?.code)).toEqual(['certificate-not-renewed', undefined]);
  expect(set.states[0]).toMatchObject({ names: ['c.test'], problem: { subject: file('first.pem') } });
  await step(() => copy('c', 'first'), /^resolved$/);
  set.close();
  expect(set.states.every(({ problem }) => problem === undefined)).toBe(true);
});
