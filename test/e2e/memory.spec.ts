import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { FREE_PORTS, runCardea } from './cardea.ts';
import { type Child, destroyAll, ROOT } from './child.ts';
import { Workspace } from './workspace.ts';

const BUNDLE = join(ROOT, 'dist/apps/cardea/bundle');
/** `bin/cardea` runs the build without the bundle when somebody has built since. */
const APPS = ['cardea', 'gateway', 'registry', 'config-server'];
const builtAt = (file: string) => statSync(join(ROOT, 'dist/apps', file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
const bundled =
  existsSync(BUNDLE) && APPS.every((app) => builtAt('cardea/bundle/main.js') > builtAt(`${app}/src/main.js`));
const ready = process.platform === 'linux' && bundled;
const describeBundle = ready ? describe : describe.skip;

const PRELOAD = `--import=${pathToFileURL(join(import.meta.dirname, 'loaded-modules.mjs')).href}`;
/** Kernels map files in larger pieces than others: a tenth more than the aim is let pass. */
const TOLERANCE = 1.1;

let workspace: Workspace;

beforeEach(async () => {
  workspace = await Workspace.create({ 'config-repo/gateway.yml': 'zuul:\n  routes:\n    echo: /echo/**\n' });
});
afterEach(async () => {
  await destroyAll();
  await workspace.remove();
});

/** Starts `cardea …` and waits for the last line that it prints when it is ready. */
async function start(args: readonly string[], env: NodeJS.ProcessEnv, last: RegExp): Promise<Child> {
  const child = runCardea(workspace, [...args, `--cardea.data-dir=${workspace.dataDir}`], env);
  await child.printed(last);
  return child;
}

function residentMiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

function workersOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

interface Loaded {
  readonly builtins: readonly string[];
  /** Names of packages, and `libs/…`, `apps/…` of our own files. */
  readonly parts: ReadonlySet<string>;
}

/** What a process has loaded; of a bundled file, by its source map, all that it was made of. */
async function loadedBy(child: Child, pid: number): Promise<Loaded> {
  process.kill(pid, 'SIGUSR2');
  const [, text = ''] = await child.printed(new RegExp(`^loaded ${pid} (.*)$`, 'm'));
  const { files, builtins }: { files: readonly string[]; builtins: readonly string[] } = JSON.parse(text);
  const sources = files.map((url) => fileURLToPath(url)).flatMap((file) => [file, ...sourcesOf(`${file}.map`)]);
  return { builtins, parts: new Set(sources.map(partOf)) };
}

function sourcesOf(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const { sources }: { sources: readonly string[] } = JSON.parse(readFileSync(file, 'utf8'));
  return sources;
}

function partOf(path: string): string {
  return /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(path)?.[1] ?? path;
}

const HEAVY_BUILTINS = ['internal/deps/undici/undici', 'internal/http2/core', 'internal/crypto/webcrypto', 'repl'];
const GATEWAY = ['gateway', '--server.port=0', '--management.server.port=0'];
const NOWHERE = ['--cardea.registry.url=http://127.0.0.1:9', '--cardea.config.url=http://127.0.0.1:9'];

describeBundle(`memory${ready ? '' : ' [needs Linux and `npm run build`]'}`, () => {
  it('of a gateway stays within 90 MB, and nothing is loaded that it does not use', async () => {
    const child = await start([...GATEWAY, ...NOWHERE], { NODE_OPTIONS: PRELOAD }, /^management.*\n/m);
    const { builtins, parts } = await loadedBy(child, child.pid);
    expect(builtins.filter((name) => HEAVY_BUILTINS.includes(name))).toEqual([]);
    expect([...parts].filter((part) => ['fastify', '@nestjs/core'].includes(part))).toHaveLength(2);
    const unused = ['ajv', 'http-proxy-middleware', 'undici', 'zod', 'ioredis', 'consul', 'papi', 'fast-xml-parser'];
    expect([...parts].filter((part) => unused.includes(part))).toEqual([]);
    expect(residentMiB(child.pid)).toBeLessThan(90 * TOLERANCE);
  }, 30_000);

  it('of a worker stays within 90 MB, and it loads no framework', async () => {
    const args = [...GATEWAY, ...NOWHERE, '--cardea.gateway.workers=2'];
    const child = await start(args, { NODE_OPTIONS: PRELOAD }, /^management.*\n/m);
    const workers = workersOf(child.pid);
    expect(workers).toHaveLength(2);
    for (const worker of workers) {
      const { builtins, parts } = await loadedBy(child, worker);
      expect(builtins.filter((name) => HEAVY_BUILTINS.includes(name))).toEqual([]);
      expect([...parts].some((part) => part.includes('libs/dataplane/'))).toBe(true);
      const frameworks = /^(@nestjs\/|@fastify\/|fastify$|rxjs$|reflect-metadata$|yaml$|commander$|pino$)/;
      expect([...parts].filter((part) => frameworks.test(part))).toEqual([]);
      expect(residentMiB(worker)).toBeLessThan(90 * TOLERANCE);
    }
  }, 30_000);

  it('of everything in one process stays within 150 MB', async () => {
    const child = await start(['up', ...FREE_PORTS], {}, /^Try:/m);
    expect(residentMiB(child.pid)).toBeLessThan(150 * TOLERANCE);
  }, 30_000);
});
