import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Cardea, describePart, FREE_PORTS } from './cardea.ts';
import { Child, destroyAll, eventually, NODE, ROOT } from './child.ts';
import { ECHO_ROUTE, startRoutedEcho } from './echo.ts';
import { ask, ConstantLoad } from './load.ts';
import { Workspace } from './workspace.ts';

interface Workers {
  readonly restarts: number;
  readonly workers: readonly { readonly pid: number; readonly version: string | null; readonly requests: number }[];
}

let workspace: Workspace;

beforeEach(async () => {
  workspace = await Workspace.create({ 'config-repo/gateway.yml': ECHO_ROUTE });
});
afterEach(async () => {
  await destroyAll();
  await workspace.remove();
});

function startUp(more: readonly string[] = []): Promise<Cardea> {
  return Cardea.start(
    workspace,
    'up',
    ['gateway', 'management', 'registry'],
    [...FREE_PORTS, '--gateway.workers=2', ...more],
  );
}

async function workersOf(cardea: Cardea): Promise<Workers> {
  const health: { components: { workers: { details: Workers } } } = JSON.parse(
    (await ask(`${cardea.url('management')}/actuator/health`)).body,
  );
  return health.components.workers.details;
}

async function counted(cardea: Cardea): Promise<number> {
  const text = (await ask(`${cardea.url('management')}/actuator/prometheus`)).body;
  const lines = [...text.matchAll(/^cardea_requests_total\{route="echo",.*\} (\d+)$/gm)];
  return lines.reduce((sum, [, count]) => sum + Number(count), 0);
}

describePart(['data plane'], 'worker processes', () => {
  it('share the port and the metrics, and one that is killed under load is replaced', async () => {
    const cardea = await startUp();
    await startRoutedEcho(cardea);
    await eventually(async () => (await workersOf(cardea)).workers.every(({ version }) => version !== null));
    const load = new ConstantLoad((id) => `${cardea.url('gateway')}/echo/${id}?id=${id}`, 8);
    await load.more(200);
    // Each connection is one worker's: others must come until both have some.
    await eventually(async () => {
      await ask(`${cardea.url('gateway')}/echo/`);
      return (await workersOf(cardea)).workers.every(({ requests }) => requests > 0);
    });
    const before = await workersOf(cardea);
    const [victim] = before.workers;
    process.kill(victim?.pid ?? 0, 'SIGKILL');
    await load.more(200);
    const after = await eventually(async () => {
      const now = await workersOf(cardea);
      await ask(`${cardea.url('gateway')}/echo/`).catch(() => undefined);
      return now.restarts === 1 && now.workers.length === 2 && now.workers.every(({ requests }) => requests > 0) && now;
    });
    await load.more(200);
    await load.stop();
    expect(after.workers.map(({ pid }) => pid)).not.toContain(victim?.pid);
    expect(new Set(after.workers.map(({ version }) => version)).size).toBe(1);
    // What was under way in it is lost with it, one request a client at most; nothing else fails.
    expect(load.failures.length).toBeLessThanOrEqual(8);
    for (const failure of load.failures) expect(failure).toMatch(/ECONNRESET|socket hang up/);
  }, 60_000);

  it('count together, to the request', async () => {
    const cardea = await startUp();
    await startRoutedEcho(cardea);
    const start = await eventually(async () => {
      const count = await counted(cardea);
      return count > 0 && count;
    });
    // A connection each, so that the system deals them out to both.
    for (let index = 0; index < 60; index++) await ask(`${cardea.url('gateway')}/echo/`);
    await eventually(async () => (await counted(cardea)) >= start + 60);
    const { workers } = await workersOf(cardea);
    expect(await counted(cardea)).toBe(workers.reduce((sum, { requests }) => sum + requests, 0));
    expect(workers.every(({ requests }) => requests > 0)).toBe(true);
  }, 60_000);

  it('drain together: what is under way in any of them is answered', async () => {
    const cardea = await startUp();
    const instance = await startRoutedEcho(cardea);
    const slow = ['a', 'b', 'c', 'd'].map((id) => ask(`${cardea.url('gateway')}/echo/?id=${id}&delay=1200&tell`));
    await Promise.all(['a', 'b', 'c', 'd'].map((id) => instance.printed(new RegExp(`asked for ${id}`))));
    const ended = cardea.child.end('SIGTERM');
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await ended).toBe(0);
    await expect(ask(`${cardea.url('gateway')}/echo/`)).rejects.toThrow(/ECONNREFUSED/);
  }, 60_000);

  it('load a data plane and nothing of the control plane', async () => {
    const folder = join(workspace.folder, 'modules');
    await mkdir(folder);
    const hook = join(import.meta.dirname, 'record-modules.mjs');
    const child = new Child(
      join(ROOT, 'bin/cardea'),
      [
        'gateway',
        '--gateway.workers=2',
        '--server.port=0',
        '--management.server.port=0',
        `--cardea.data-dir=${workspace.dataDir}`,
      ],
      {
        cwd: workspace.folder,
        env: { NODE_OPTIONS: `--import=file://${hook}`, CARDEA_TEST_MODULES: folder },
      },
    );
    const [, management = ''] = await child.printed(/management\s+ready on (\S+)/);
    const health: { components: { workers: { details: Workers } } } = JSON.parse(
      (await ask(`${management}/actuator/health`)).body,
    );
    for (const { pid } of health.components.workers.details.workers) {
      const modules = modulesIn(
        readFileSync(join(folder, String(pid)), 'utf8')
          .trim()
          .split('\n'),
      );
      expect(modules.some((module) => module.includes('dataplane'))).toBe(true);
      expect(
        modules.filter((module) =>
          /prom-client|@nestjs|rxjs|fastify|opossum|ioredis|commander|node_modules\/yaml|undici/.test(module),
        ),
      ).toEqual([]);
    }
    // The measure is right: the gateway itself loads some of them.
    const own = modulesIn(
      readFileSync(join(folder, String(child.pid)), 'utf8')
        .trim()
        .split('\n'),
    );
    expect(own.some((module) => module.includes('prom-client'))).toBe(true);
    expect(readdirSync(folder)).toHaveLength(3);
  }, 60_000);

  it('start quickly and stay small (printed, not judged)', async () => {
    const bundled = join(ROOT, 'dist/apps/cardea/bundle/worker.js');
    const entry = existsSync(bundled) ? bundled : join(ROOT, 'dist/apps/gateway/src/worker.js');
    const startedAt = performance.now();
    const worker = fork(entry, { execPath: NODE });
    worker.send({ kind: 'listen', options: { address: '127.0.0.1', port: 0, http2: true, limits: {} } });
    const [message]: { kind: string }[] = await once(worker, 'message');
    const took = Math.round(performance.now() - startedAt);
    const resident = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${worker.pid}/status`, 'utf8'))?.[1]);
    process.stdout.write(`worker: listens after ${took} ms, ${Math.round(resident / 1_024)} MB resident\n`);
    expect(message?.kind).toBe('listening');
    const exited = once(worker, 'exit');
    worker.disconnect();
    expect((await exited)[0]).toBe(0);
  }, 30_000);
});

/** Names of modules: those of files, and those that a bundled file was made of. */
function modulesIn(urls: readonly string[]): readonly string[] {
  return urls.flatMap((url) => {
    if (!url.startsWith('file:') || !existsSync(`${fileURLToPath(url)}.map`)) return [url];
    const { sources }: { sources: readonly string[] } = JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8'));
    return [url, ...sources];
  });
}
