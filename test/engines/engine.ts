import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Programs that some suites need beside Node. Each is real; none is imitated. */
export type EngineName =
  | 'redis'
  | 'consul'
  | 'chromium'
  | 'git'
  | 'python'
  | 'go'
  | 'curl'
  | 'h2load'
  | 'faketime'
  | 'nginx'
  | 'wrk'
  | 'openssl';

const COMMANDS: Readonly<Record<EngineName, string>> = {
  redis: 'redis-server',
  consul: 'consul',
  chromium: 'chromium',
  git: 'git',
  python: 'python3',
  go: 'go',
  curl: 'curl',
  h2load: 'h2load',
  faketime: 'faketime',
  nginx: 'nginx',
  wrk: 'wrk',
  openssl: 'openssl',
};

/** Where `.ci/run` keeps what it builds: outside the tree, so that a fresh clone finds it. */
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'cardea');

/** Path of the engine's program, or undefined when this machine lacks it. */
export function findEngine(name: EngineName): string | undefined {
  const folders = [cache, ...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/go/bin', '/usr/sbin'];
  return folders.map((folder) => join(folder, COMMANDS[name])).find((path) => existsSync(path));
}

/**
 * A `describe` that needs engines. Without one of them the suite is skipped under a name that says which; when
 * `CARDEA_REQUIRE_ENGINES` lists it, the lack is a failure instead.
 */
export function describeWith(engines: readonly EngineName[], title: string, body: () => void): void {
  const missing = engines.filter((name) => findEngine(name) === undefined);
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  const required = (process.env['CARDEA_REQUIRE_ENGINES'] ?? '').split(',').map((name) => name.trim());
  const demanded = missing.filter((name) => required.includes(name));
  if (demanded.length === 0) {
    describe.skip(`${title} [needs ${missing.join(', ')}]`, body);
    return;
  }
  describe(title, () => {
    it(`finds ${demanded.join(', ')}`, () => {
      throw new Error(`CARDEA_REQUIRE_ENGINES asks for ${demanded.join(', ')}; not found on this machine`);
    });
  });
}

/** A started engine. */
export interface Engine {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly url: string;
  readonly process: ChildProcess;
  /** Ends the process and removes its folder. */
  stop(): Promise<void>;
}

/** Ports that were free a moment ago. All are held until the last is known, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

/** Starts a program in a folder of its own and waits until `ready` answers true. */
export async function startEngine(
  name: EngineName,
  port: number,
  argumentsIn: (folder: string) => string[],
  ready: () => Promise<boolean>,
): Promise<Engine> {
  const program = findEngine(name);
  if (program === undefined) throw new Error(`${name} is not on this machine; wrap the suite in describeWith`);
  const folder = await mkdtemp(join(tmpdir(), `cardea-${name}-`));
  const child = spawn(program, argumentsIn(folder), { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (text: Buffer) => {
    output = (output + text.toString()).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + 30_000;
  while (!(await ready().catch(() => false))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`${name} did not start:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { host: '127.0.0.1', port, url: `http://127.0.0.1:${port}`, process: child, stop };
}
