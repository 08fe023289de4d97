import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describeWith, findEngine } from '../engines/engine.ts';
import { Cardea, FREE_PORTS } from './cardea.ts';
import { destroyAll, eventually } from './child.ts';
import { startRoutedEcho } from './echo.ts';
import { ask, ConstantLoad } from './load.ts';
import { Workspace } from './workspace.ts';

const routes = (marker: string) => `
spring.cloud.gateway.routes:
  - id: echo
    uri: lb://echo
    predicates: [Path=/echo/**]
    filters: ["StripPrefix=1", "AddResponseHeader=X-Marker, ${marker}"]
`;

interface Health {
  readonly components: Readonly<Record<string, { readonly details: Readonly<Record<string, unknown>> }>>;
}

let workspace: Workspace;
const cleanups: (() => unknown)[] = [];

beforeEach(async () => {
  workspace = await Workspace.create({ 'config-repo/gateway.yml': routes('0') });
});
afterEach(async () => {
  await destroyAll();
  for (const cleanup of cleanups.splice(0)) await cleanup();
  await workspace.remove();
});

function up(more: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Cardea> {
  return Cardea.start(workspace, 'up', ['gateway', 'management', 'registry'], [...FREE_PORTS, ...more], env);
}

const loadOn = (cardea: Cardea) => new ConstantLoad((id) => `${cardea.url('gateway')}/echo/${id}?id=${id}`, 4);

async function detailsOf(cardea: Cardea, component: string): Promise<Readonly<Record<string, unknown>>> {
  const health: Health = JSON.parse((await ask(`${cardea.url('management')}/actuator/health`)).body);
  return health.components[component]?.details ?? {};
}

async function problemsOf(cardea: Cardea): Promise<readonly { code: string; location?: { line: number } }[]> {
  const { problems }: { problems: { code: string; location?: { line: number } }[] } = JSON.parse(
    (await ask(`${cardea.url('management')}/api/v1/gateway/routes`)).body,
  );
  return problems;
}

const markerIs = (cardea: Cardea, marker: string) =>
  eventually(async () => (await ask(`${cardea.url('gateway')}/echo/`)).headers['x-marker'] === marker);

async function idsOf(cardea: Cardea): Promise<number> {
  const listed: { instances: unknown[] } = JSON.parse(
    (await ask(`${cardea.url('registry')}/api/v1/services/echo`)).body,
  );
  return listed.instances.length;
}

/** A data folder on a disk that is full: a small tmpfs where this user may mount one, else a file where the folder should be. */
function fullDisk(): string {
  const folder = join(workspace.folder, 'full');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    writeFileSync(join(folder, 'data'), '');
    return join(folder, 'data');
  }
  cleanups.push(() => execFileSync('umount', ['-l', folder]));
  try {
    for (let index = 0; ; index++) writeFileSync(join(folder, `filler-${index}`), Buffer.alloc(4_096));
  } catch {
    return folder;
  }
}

describe('faults of the surroundings', () => {
  it('a full disk: everything is served and changed on, and what cannot be kept is shown', async () => {
    const disk = fullDisk();
    const cardea = await up([`--cardea.data-dir=${disk}`]);
    await startRoutedEcho(cardea);
    const load = loadOn(cardea);
    await load.more(50);
    await workspace.commit({ 'config-repo/gateway.yml': routes('1') });
    await markerIs(cardea, '1');
    const { state } = await eventually(async () => {
      const details = await detailsOf(cardea, 'registryStore');
      return details['state'] === 'degraded' && details;
    });
    expect(state).toBe('degraded');
    await eventually(async () => (await problemsOf(cardea)).some(({ code }) => code === 'last-good-not-saved'));
    await load.more(50);
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(await cardea.child.end('SIGTERM')).toBe(0);
  }, 60_000);

  it('a broken file in the repository under load: nothing fails, it is told with its line, and the next commit mends it', async () => {
    const cardea = await up();
    await startRoutedEcho(cardea);
    const load = loadOn(cardea);
    await load.more(50);
    await workspace.commit({ 'config-repo/gateway.yml': `${routes('broken')}  - id: [half\n` });
    const [problem] = await eventually(async () => {
      const problems = await problemsOf(cardea);
      return problems.length > 0 && problems;
    });
    expect(problem).toMatchObject({ severity: 'error', location: { line: expect.any(Number) } });
    await load.more(100);
    expect((await ask(`${cardea.url('gateway')}/echo/`)).headers['x-marker']).toBe('0');
    await workspace.commit({ 'config-repo/gateway.yml': routes('mended') });
    await markerIs(cardea, 'mended');
    expect(await problemsOf(cardea)).toEqual([]);
    await load.stop();
    expect(load.failures).toEqual([]);
  }, 60_000);

  it('a Redis that was never there: the bus is down and shown, everything else works and stops', async () => {
    const cardea = await up([
      '--cardea.bus.transport=redis',
      `--cardea.redis.url=redis://127.0.0.1:${await freePort()}`,
    ]);
    const instance = await startRoutedEcho(cardea);
    expect(await detailsOf(cardea, 'bus')).toMatchObject({ transport: 'redis', connected: false });
    await workspace.commit({ 'config-repo/gateway.yml': routes('1') });
    await markerIs(cardea, '1');
    await instance.destroy();
    await eventually(async () => (await idsOf(cardea)) === 0);
    const startedAt = Date.now();
    expect(await cardea.child.end('SIGTERM')).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(8_000);
  }, 60_000);
});

describeWith(['redis'], 'a Redis that dies', () => {
  it('takes nothing with it, and is used again when it is back', async () => {
    const port = await freePort();
    const startRedis = async () => {
      const redis = spawn(findEngine('redis') ?? '', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
        cwd: workspace.folder,
      });
      cleanups.push(() => redis.kill('SIGKILL'));
      for await (const chunk of redis.stdout) if (String(chunk).includes('Ready to accept connections')) break;
      return redis;
    };
    const redis = await startRedis();
    const cardea = await up(['--cardea.bus.transport=redis', `--cardea.redis.url=redis://127.0.0.1:${port}`]);
    await startRoutedEcho(cardea);
    expect(await detailsOf(cardea, 'bus')).toMatchObject({ connected: true });
    const load = loadOn(cardea);
    await load.more(50);
    const dead = once(redis, 'exit');
    redis.kill('SIGKILL');
    await dead;
    await eventually(async () => (await detailsOf(cardea, 'bus'))['connected'] === false);
    await load.more(100);
    await startRoutedEcho(cardea);
    await startRedis();
    await eventually(async () => (await detailsOf(cardea, 'bus'))['connected'] === true);
    const heard = listenTo(port, 'registry-changed');
    await startRoutedEcho(cardea);
    expect(await heard).toContain('echo');
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(await cardea.child.end('SIGTERM')).toBe(0);
  }, 60_000);
});

const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';

describeWith(['faketime'], 'a clock that jumps', () => {
  it.each(['+2h', '-2h'])(
    'by %s: nobody is lost, nothing fails, and leases still end on time',
    async (jump) => {
      const clock = join(workspace.folder, 'clock');
      writeFileSync(clock, '+0\n');
      const cardea = await up([], {
        LD_PRELOAD: FAKETIME,
        FAKETIME_TIMESTAMP_FILE: clock,
        FAKETIME_NO_CACHE: '1',
        // Administrators and NTP set the wall clock; the monotonic one goes on.
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
        DONT_FAKE_MONOTONIC: '1',
      });
      const instances = [await startRoutedEcho(cardea), await startRoutedEcho(cardea)];
      const load = loadOn(cardea);
      await load.more(50);
      const shownAt = async () => {
        const [, at] =
          /"lastRenewalAt":(\d+)/.exec((await ask(`${cardea.url('registry')}/api/v1/services/echo`)).body) ?? [];
        return Number(at);
      };
      const before = await shownAt();
      writeFileSync(clock, `${jump}\n`);
      // The jump has arrived: renewals carry the new time.
      await eventually(async () => Math.abs((await shownAt()) - before) > 3_600_000);
      await load.more(1_000);
      expect(await idsOf(cardea)).toBe(2);
      const [victim] = instances;
      await victim?.destroy();
      const killedAt = performance.now();
      await eventually(async () => (await idsOf(cardea)) === 1);
      expect(performance.now() - killedAt).toBeLessThan(3_500);
      await load.more(50);
      await load.stop();
      expect(load.failures).toEqual([]);
    },
    60_000,
  );
});

/** What a Redis tells of a channel first. */
async function listenTo(port: number, channel: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  cleanups.push(() => socket.destroy());
  socket.write(`SUBSCRIBE ${channel}\r\n`);
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
    if (text.includes('message')) break;
  }
  return text;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
