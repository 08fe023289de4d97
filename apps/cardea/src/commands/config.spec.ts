import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startConfigServer } from '../../../config-server/src/config-server.app.ts';
import { runCommandLine } from '../command-line.ts';
import { COMMANDS } from '../command-table.ts';
import { RecordingTerminal } from '../terminal.fixture.ts';

const SECRET = '000102030405060708090a0b0c0d0e0f92c516ebbdf9aecbb68f22247c57812d';
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'cardea-explain-')));
  writeFileSync(join(folder, 'application.yml'), 'max-age: 5\nbase: 4\nhosts: [a, b]\n');
  writeFileSync(join(folder, 'shop-eu.yml'), `maxAge: \${base}0\nhosts: [c]\npw: '{cipher}${SECRET}'\n`);
  writeFileSync(join(folder, 'settings.yml'), 'encrypt.key: foo\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function cardea(args: readonly string[], input?: string) {
  const terminal = new RecordingTerminal(input);
  const status = await runCommandLine(args, terminal, COMMANDS);
  return { status, out: terminal.out, notes: terminal.notes };
}

describe('cardea config explain', () => {
  const explain = (key: string, ...more: string[]) =>
    cardea(['config', 'explain', key, '--app', 'shop', '--profile', 'eu', '--repo', folder, ...more]);

  it('names winner, file, line and what it beats', async () => {
    expect(await explain('max-age')).toEqual({
      status: 0,
      notes: [],
      out: [
        'maxAge = ${base}0',
        '  is 40',
        `  set by ${folder}/shop-eu.yml:1:9`,
        expect.stringMatching(/^BEATS +VALUE +SET BY +WHY$/),
        expect.stringMatching(/^max-age +5 +\S+\/application\.yml:1:10 +a weaker source$/),
      ],
    });
  });

  it('says which list replaces which, and ends with 1', async () => {
    const { status, out, notes } = await explain('hosts[1]');
    expect(status).toBe(1);
    expect(out.at(-1)).toMatch(/^hosts\[1\] +b .*the list of file:\S+\/shop-eu\.yml replaces the whole list$/);
    expect(notes).toEqual([expect.stringMatching(/^hosts\[1\] is not in effect for shop\/eu; /)]);
  });

  it('suggests the key that was meant', async () => {
    const { status, notes } = await explain('max-aeg');
    expect([status, notes]).toEqual([1, ['max-aeg is not set for shop/eu; did you mean max-age?']]);
  });

  it('keeps secrets off the terminal, and gives them to those who ask for JSON', async () => {
    const config = ['--config', join(folder, 'settings.yml')];
    expect((await explain('pw', ...config)).out.slice(0, 2)).toEqual([
      'pw = (encrypted)',
      `  set by ${folder}/shop-eu.yml:3:5`,
    ]);
    expect(JSON.parse((await explain('pw', '--json', ...config)).out[0] ?? '')).toMatchObject({
      winner: { value: 'mysecret', decrypted: true },
    });
  });

  it('asks a running config server', async () => {
    const backends = [{ kind: 'git', uri: folder, searchPaths: [] }] as const;
    const server = await startConfigServer({ port: 0, address: '127.0.0.1', backends, dataDir: folder });
    const url = server.listeners[0]?.url ?? '';
    const { out } = await cardea(['config', 'explain', 'base', '--app', 'shop', '-l', 'x', '--config-server', url]);
    await server.close();
    expect(out.slice(0, 2)).toEqual(['base = 4', `  set by ${folder}/application.yml:2:7`]);
    const { status, notes } = await cardea(['config', 'explain', 'base', '--config-server', url]);
    expect([status, notes]).toEqual([1, [expect.stringMatching(/^no config server answers at .*; start it/)]]);
  });
});

describe('cardea encrypt and decrypt', () => {
  const key = (): string[] => ['--config', join(folder, 'settings.yml')];

  it('write what Spring reads, and read what Spring writes', async () => {
    const { out } = await cardea(['encrypt', 'a b=', ...key()]);
    expect(out[0]).toMatch(/^\{cipher\}[0-9a-f]{64}$/);
    expect((await cardea(['decrypt', out[0] ?? '', ...key()])).out).toEqual(['a b=']);
    expect((await cardea(['decrypt', `'{cipher}${SECRET}'`, ...key()])).out).toEqual(['mysecret']);
    expect((await cardea(['decrypt', SECRET, '--json', ...key()])).out).toEqual(['{"value":"mysecret"}']);
  });

  it('take text and key from standard input', async () => {
    expect((await cardea(['decrypt', ...key()], `{cipher}${SECRET}\n`)).out).toEqual(['mysecret']);
    expect((await cardea(['decrypt', '--key-stdin'], `foo\n${SECRET}\n`)).out).toEqual(['mysecret']);
    expect((await cardea(['decrypt', SECRET, '--key-stdin'], 'foo')).out).toEqual(['mysecret']);
  });

  it.each([
    [['decrypt', SECRET, '--key-stdin'], 'bar', /not encrypted with this key; encrypt the value again/],
    [['encrypt', 'x', '--key-stdin'], '', /no key to encrypt with; put it into ENCRYPT_KEY/],
    [['encrypt', 'x', '--encrypt.key=foo'], '', /a key on the command line can be read by every user/],
  ])('refuse %j', async (args, input, message) => {
    const { status, out, notes } = await cardea(args, input);
    expect([status, out.length, notes.length]).toEqual([1, 0, 1]);
    expect(notes[0]).toMatch(message);
  });
});
