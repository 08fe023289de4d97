import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textsOf, told } from '#engines/contract';
import type { ConfigSource } from '#config';
import { ManualClock } from '#testing';
import { openGitSource } from './open-git-source.ts';
import { RemoteSource } from './remote-source.ts';

let folder: string;
let clock: ManualClock;
let sources: ConfigSource[];
const origin = (): string => join(folder, 'origin');
const dataDir = (): string => join(folder, 'data');
const git = (...args: string[]): string =>
  execFileSync('git', ['-C', origin(), '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { stdio: 'pipe' })
    .toString()
    .trim();

async function commit(text: string, ...flags: string[]): Promise<string> {
  await writeFile(join(origin(), 'application.yml'), text);
  git('add', '.');
  git('commit', '-qm', text, ...flags);
  return git('rev-parse', 'HEAD');
}
function open(): RemoteSource {
  const options = { uri: origin(), root: '', dataDir: dataDir(), defaultLabel: undefined, refreshMs: 1_000, clock };
  const source = new RemoteSource(options).open();
  sources.push(source);
  return source;
}
const text = async (source: ConfigSource, label?: string): Promise<string | undefined> =>
  (await textsOf(await source.resolve(label)))['application.yml'];
async function mirror(): Promise<string> {
  const [name = ''] = await readdir(join(dataDir(), 'git'));
  return join(dataDir(), 'git', name);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cardea-remote-'));
  clock = new ManualClock();
  sources = [];
  execFileSync('git', ['init', '-q', '-b', 'main', origin()]);
  await commit('a: 1');
});
afterEach(async () => {
  await Promise.all(sources.map((source) => source.close()));
  await rm(folder, { recursive: true, force: true });
});

describe('RemoteSource', () => {
  it('fetches at its interval and follows a push, a force-push and a deleted branch', async () => {
    git('branch', 'old');
    const source = open();
    expect(await text(source)).toBe('a: 1');
    expect(await text(source, 'old')).toBe('a: 1');
    await source.refresh();
    await commit('a: 2');
    await told(source, () => clock.advance(1_000));
    expect(await text(source)).toBe('a: 2');
    const forced = await commit('a: 3', '--amend');
    git('branch', '-D', 'old');
    await told(source, () => void source.refresh());
    expect(await source.resolve(undefined)).toMatchObject({ version: forced, uri: origin() });
    await expect(source.resolve('old')).rejects.toMatchObject({ code: 'unknown-label' });
  });

  it('serves what it has while the remote is away, says so, and catches up', async () => {
    const source = open();
    await source.refresh();
    await rename(origin(), `${origin()}.away`);
    clock.advance(500);
    await source.refresh();
    expect(await text(source)).toBe('a: 1');
    expect(source.status()).toMatchObject({ ageMs: 500, error: expect.stringContaining('not appear to be a git') });
    const restarted = open();
    expect(await text(restarted)).toBe('a: 1');
    await rename(`${origin()}.away`, origin());
    await source.refresh();
    expect(source.status()).toMatchObject({ ageMs: 0, error: undefined });
  });

  it('follows another default branch', async () => {
    const source = open();
    await source.refresh();
    git('checkout', '-qb', 'trunk');
    await commit('a: trunk');
    await source.refresh();
    expect(await text(source)).toBe('a: trunk');
  });

  it('mends a mirror found damaged, and one that is damaged while it is read', async () => {
    const first = open();
    await first.refresh();
    await first.close();
    await rm(join(await mirror(), 'objects'), { recursive: true });
    const second = open();
    expect(await text(second)).toBe('a: 1');
    await second.refresh();
    await commit('a: 2');
    await second.refresh();
    await rm(join(await mirror(), 'objects'), { recursive: true });
    await second.refresh();
    expect(await text(second)).toBe('a: 2');
  });

  it('mends damage that only fetching meets', async () => {
    const source = open();
    await source.refresh();
    expect(await text(source)).toBe('a: 1');
    await commit('a: 2');
    await rm(join(await mirror(), 'objects'), { recursive: true });
    await told(source, () => void source.refresh());
    expect(await text(source)).toBe('a: 2');
    expect(source.status()).toMatchObject({ error: undefined, version: git('rev-parse', 'HEAD') });
  });

  it('removes the locks and half-made copies of a killed process', async () => {
    const first = open();
    await first.refresh();
    await first.close();
    const path = await mirror();
    await writeFile(join(path, 'refs/heads/main.lock'), '');
    await writeFile(join(path, 'HEAD.lock'), '');
    execFileSync('git', ['init', '-q', '--bare', `${path}.new`]);
    await commit('a: 2');
    const second = open();
    await second.refresh();
    expect(second.status().error).toBeUndefined();
    expect(await text(second)).toBe('a: 2');
    expect(await readdir(join(dataDir(), 'git'))).toHaveLength(1);
  });

  it('logs in over HTTP, with credentials that no command line shows and no file keeps', async () => {
    git('update-server-info');
    const logins = new Set<string | undefined>();
    const server = createServer((request, response) => {
      logins.add(request.headers.authorization);
      if (request.headers.authorization === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
        return;
      }
      const path = join(origin(), '.git', new URL(request.url ?? '/', 'http://h').pathname.replace('/r.git', ''));
      readFile(path).then(
        (content) => response.end(content),
        () => response.writeHead(404).end(),
      );
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const uri = `http://us%20er:p%40ss@127.0.0.1:${port}/r.git`;
    const source = await openGitSource({ uri, dataDir: dataDir(), clock });
    sources.push(source);
    expect(await text(source)).toBe('a: 1');
    expect([...logins]).toEqual([undefined, `Basic ${Buffer.from('us er:p@ss').toString('base64')}`]);
    await source.refresh();
    expect(await readdir(join(dataDir(), 'git'))).toHaveLength(1);
    server.closeAllConnections();
    server.close();
  });

  it('never shows credentials, nor keeps them in the mirror', async () => {
    const uri = 'http://user:hunter2@127.0.0.1:1/config.git/';
    const source = await openGitSource({ uri, dataDir: dataDir(), clock });
    sources.push(source);
    const error = await source.resolve(undefined).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'source-unavailable' });
    expect(`${String(error)} ${JSON.stringify(source.status())}`).not.toMatch(/hunter2|user:/);
    expect(source.status().uri).toBe('http://127.0.0.1:1/config.git');
    const kept = open();
    await kept.refresh();
    expect(await readFile(join(await mirror(), 'config'), 'utf8')).not.toContain('url');
  });
});
