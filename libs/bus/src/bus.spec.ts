import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith, findEngine } from '../../../test/engines/engine.ts';
import { openBus, type Bus, type BusOptions } from './bus.ts';

const REDIS = findEngine('redis') ?? 'redis-server';

const open: Bus[] = [];
afterEach(async () => void (await Promise.all(open.splice(0).map((bus) => bus.close()))));

async function bus(options: BusOptions): Promise<Bus> {
  const opened = await openBus(options);
  open.push(opened);
  return opened;
}

async function reaches(options: Omit<BusOptions, 'handlers'>): Promise<void> {
  const seen: string[] = [];
  const done = Promise.withResolvers<void>();
  await bus({
    ...options,
    handlers: {
      'config-changed': ({ application, version }) => seen.push(`${application} ${version}`),
      'registry-changed'({ services, index }) {
        seen.push(`${services.join()} ${index}`);
        done.resolve();
      },
    },
  });
  const sender = await bus({ ...options, handlers: {} });
  sender.publish('drain', {});
  sender.publish('config-changed', { application: 'gateway', version: 'c1' });
  sender.publish('registry-changed', { services: ['orders', 'hello'], index: 7 });
  await done.promise;
  expect(seen).toEqual(['gateway c1', 'orders,hello 7']);
}

it('the local bus carries events to every opened bus of the process that handles them', () =>
  reaches({ transport: 'local' }));

it('a closed local bus hears nothing', async () => {
  let heard = 0;
  const listener = await bus({ transport: 'local', handlers: { drain: () => (heard += 1) } });
  const sender = await bus({ transport: 'local', handlers: {} });
  sender.publish('drain', {});
  await new Promise(setImmediate);
  await listener.close();
  sender.publish('drain', {});
  await new Promise(setImmediate);
  expect(heard).toBe(1);
});

describeWith(['redis'], 'redis: the bus', () => {
  let server: ChildProcess;
  let folder: string;
  let port = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cardea-redis-'));
    port = await freePort();
    server = spawn(REDIS, ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '']);
    for await (const chunk of server.stdout ?? []) if (String(chunk).includes('Ready to accept connections')) break;
  });
  afterAll(async () => {
    const exited = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  });

  it('waits for a Redis that is away without holding anybody up, and is there when it comes', async () => {
    const later = await freePort();
    const redisUrl = `redis://127.0.0.1:${later}`;
    const heard = Promise.withResolvers<string | undefined>();
    const lost: string[] = [];
    const listener = await bus({ transport: 'redis', redisUrl, handlers: { drain: ({ app }) => heard.resolve(app) } });
    const sender = await bus({ transport: 'redis', redisUrl, handlers: {}, onLost: (event) => lost.push(event) });
    expect(sender.state).toMatchObject({ transport: 'redis', connected: false, problem: expect.any(String) });
    sender.publish('drain', { app: 'early' });
    while (sender.state.lost === 0) await new Promise(setImmediate);
    expect(lost).toEqual(['drain']);

    const redis = spawn(REDIS, ['--port', `${later}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '']);
    while (!listener.state.connected || !sender.state.connected) await new Promise(setImmediate);
    // The subscription may take a moment longer than the connection.
    const telling = setInterval(() => sender.publish('drain', { app: 'late' }), 50);
    expect(await heard.promise).toBe('late');
    clearInterval(telling);
    expect(sender.state).toMatchObject({ connected: true });
    const exited = new Promise((resolve) => redis.once('exit', resolve));
    redis.kill('SIGKILL');
    await exited;
    while (sender.state.connected) await new Promise(setImmediate);
    expect(sender.state.problem).toMatch(/^Redis is (reconnecting|disconnected)$/);
  }, 20_000);

  it('closes in time although Redis never answers', async () => {
    const silent = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const opened = await openBus({
      transport: 'redis',
      redisUrl: `redis://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
      handlers: {},
    });
    expect(opened.state.connected).toBe(false);
    await opened.close();
    silent.close();
  });

  it('carries events between processes', () => reaches({ transport: 'redis', redisUrl: `redis://127.0.0.1:${port}` }));
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => void probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => void probe.close(resolve));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
