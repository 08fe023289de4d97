import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal, type JournalEntry, type RunningApp } from '#kernel';
import { startConfigServer } from './config-server.app.ts';

let folder: string;
const running: RunningApp[] = [];
let told: JournalEntry[];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'cardea-config-')));
  told = [];
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
  rmSync(folder, { recursive: true, force: true });
});

function git(...words: string[]): string {
  const author = ['-c', 'user.name=Jane Doe', '-c', 'user.email=jane@example.com'];
  return execFileSync('git', ['-C', folder, ...author, ...words], { encoding: 'utf8' }).trim();
}

function commit(text: string): string {
  writeFileSync(join(folder, 'shop.yml'), text);
  git('add', '-A');
  git('commit', '-qm', 'change');
  return git('rev-parse', 'HEAD');
}

async function start(): Promise<string> {
  const app = await startConfigServer(
    {
      port: 0,
      address: '127.0.0.1',
      backends: [{ kind: 'git', uri: folder, searchPaths: [] }],
      dataDir: join(folder, '.data'),
    },
    { journal: new Journal((entry) => told.push(entry)) },
  );
  running.push(app);
  return app.listeners[0]?.url ?? '';
}
const lines = () =>
  told
    .splice(0)
    .flatMap(({ level, message }) => (level === 'debug' ? [] : [`${level} ${message}`.replace(folder, 'repo')]));
const refresh = async (url: string) => (await fetch(`${url}/api/v1/config/refresh`, { method: 'POST' })).json();

it('tells which commit is refused, whose it is and where it is wrong, and that it is good again', async () => {
  git('init', '-q');
  const good = commit('a: 1\n');
  const url = await start();
  expect(lines()).toEqual([]);
  const bad = commit('a: [1\n');
  await refresh(url);
  await refresh(url);
  expect(lines()).toEqual([
    `error repo: commit ${bad.slice(0, 8)} by Jane Doe is refused (1 problem); ${good.slice(0, 8)} is served on`,
    expect.stringMatching(/^error .*shop\.yml:2:1: not valid YAML/),
  ]);
  const mended = commit('a: 2\n');
  await refresh(url);
  expect(lines()).toEqual([`info repo is good again: ${mended.slice(0, 8)} is served`]);
  writeFileSync(join(folder, 'shop.yml'), 'a: {\n');
  await refresh(url);
  expect(lines()).toEqual([
    `error repo: the newest edit is refused (1 problem); ${mended.slice(0, 8)} is served on`,
    expect.stringMatching(/^error .*shop\.yml:\d+:\d+: not valid YAML/),
  ]);
}, 20_000);

it('tells what is wrong at the start, and does not tell it again to those who ask', async () => {
  writeFileSync(join(folder, 'shop.yml'), 'a: [1\n');
  const url = await start();
  const response = await fetch(`${url}/shop/default`);
  expect(await response.text()).toMatch(/shop\.yml:2:1: not valid YAML/);
  expect(lines()).toEqual([expect.stringMatching(/^error .*shop\.yml:2:1: not valid YAML/)]);
});
