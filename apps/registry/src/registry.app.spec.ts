import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { watchRegistry, type RegistryChanges } from '#protocols/registry-api';
import { instanceInfo, ManualClock } from '#testing';
import { startRegistry, type RegistryContext, type RunningRegistry } from './registry.app.ts';
import { DEFAULT_REGISTRY_SETTINGS, type RegistrySettings } from './registry-settings.ts';

const running: RunningRegistry[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-registry-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
  rmSync(folder, { recursive: true, force: true });
});

const FREE_PORT: RegistrySettings = { ...DEFAULT_REGISTRY_SETTINGS, server: { port: 0, address: '127.0.0.1' } };

async function start(settings: Partial<RegistrySettings> = {}, context?: RegistryContext): Promise<RunningRegistry> {
  const app = await startRegistry({ ...FREE_PORT, ...settings }, context);
  running.push(app);
  return app;
}

const urlOf = (app: RunningRegistry): string => app.listeners[0]?.url ?? '';
async function json<T>(response: Response): Promise<T> {
  const value: T = JSON.parse(await response.text());
  return value;
}
const register = (url: string, body: object): Promise<Response> =>
  fetch(`${url}/api/v1/services/orders/instances`, { method: 'POST', body: JSON.stringify(body) });

describe('the JSON API over HTTP', () => {
  it('registers, says where to renew, and the URL works', async () => {
    const url = urlOf(await start());
    const response = await register(url, { host: '10.0.0.1', port: '8080', id: 'a/b c', ttl: '10s' });
    expect(response.status).toBe(201);
    const answer = await json<{ renewUrl: string; ttl: string }>(response);
    expect(response.headers.get('location')).toBe('/api/v1/services/orders/instances/a%2Fb%20c');
    expect(answer).toMatchObject({ id: 'a/b c', ttl: '10s', ttlMs: 10_000 });
    expect((await fetch(answer.renewUrl, { method: 'PUT' })).status).toBe(200);
    // Where one posts to is where people look.
    const listed = await json<{ instances: unknown[] }>(await fetch(`${url}/api/v1/services/orders/instances`));
    expect(listed.instances).toMatchObject([{ id: 'a/b c' }]);
    const removed = await fetch(answer.renewUrl.replace(/\/renew$/, ''), { method: 'DELETE' });
    expect([removed.status, await removed.text()]).toEqual([204, '']);
    expect((await fetch(answer.renewUrl, { method: 'PUT' })).status).toBe(404);
  });

  it('answers faults as problem documents', async () => {
    const url = urlOf(await start());
    const bad = await register(url, { host: '10.0.0.1', port: 0 });
    expect([bad.status, bad.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(await bad.json()).toMatchObject({ errors: [{ field: 'port' }] });
    const lost = await fetch(`${url}/api/v1/nowhere`);
    expect([lost.status, lost.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    const big = await fetch(`${url}/api/v1/services/orders/instances`, { method: 'POST', body: 'x'.repeat(17 << 20) });
    expect(big.status).toBe(413);
  });

  it('answers HEAD, of the stream too', async () => {
    const app = await start();
    for (const [path, type] of [
      ['services', 'application/json; charset=utf-8'],
      ['stream', 'text/event-stream'],
    ]) {
      const response = await fetch(`${urlOf(app)}/api/v1/${path}`, { method: 'HEAD' });
      expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, type, '']);
    }
  });

  it('lets pages of other sites change nothing', async () => {
    const app = await start();
    const init = { method: 'POST', body: '{"host":"10.0.0.1","port":1}' };
    const send = (path: string, site: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const headers = { 'content-type': 'text/plain', 'sec-fetch-site': site };
        const call = httpRequest(urlOf(app) + path, { method: init.method, headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        call.on('error', reject).end(init.body);
      });
    expect(await send('/api/v1/services/orders/instances', 'cross-site')).toBe(403);
    expect(await send('/eureka/apps/ORDERS', 'cross-site')).toBe(403);
    expect(app.registry.size).toBe(0);
    expect(await send('/api/v1/services/orders/instances', 'same-origin')).toBe(201);
  });

  it('shows what registered by one protocol in the other', async () => {
    const app = await start();
    await register(urlOf(app), { host: '10.0.0.1', port: 8080, id: 'json-1', zone: 'z1' });
    app.registry.register(instanceInfo({ id: 'eureka-1' }));
    const eureka = await fetch(`${urlOf(app)}/eureka/apps/ORDERS`, { headers: { accept: 'application/json' } });
    expect(await eureka.json()).toMatchObject({
      application: { instance: [{ instanceId: 'json-1', metadata: { zone: 'z1' } }, { instanceId: 'eureka-1' }] },
    });
    const view = await json<{ instances: { id: string }[] }>(await fetch(`${urlOf(app)}/api/v1/services/orders`));
    expect(view.instances.map(({ id }) => id)).toEqual(['json-1', 'eureka-1']);
  });

  it('pushes a change within 100 ms, and the end of a 1 s lease when it comes', async () => {
    const url = urlOf(await start());
    const connected = Promise.withResolvers<void>();
    const heard = new Map<string, number>();
    const gone = Promise.withResolvers<void>();
    const watch = watchRegistry({
      url,
      services: ['orders'],
      onSnapshot: () => connected.resolve(),
      onChange({ changes }: RegistryChanges) {
        for (const { type, instance } of changes) heard.set(`${type} ${instance.id}`, performance.now());
        if (heard.size === 6) gone.resolve();
      },
    });
    await connected.promise;
    const delays: number[] = [];
    for (const id of ['a', 'b', 'c']) {
      const at = performance.now();
      await register(url, { host: '10.0.0.1', port: 8080, ttl: 1, id });
      while (!heard.has(`added ${id}`)) await turn();
      delays.push((heard.get(`added ${id}`) ?? Infinity) - at);
    }
    await gone.promise;
    watch.close();
    // The quickest of three: other tests share the machine.
    expect(Math.min(...delays)).toBeLessThan(100);
    const lived = ['a', 'b', 'c'].map((id) => (heard.get(`removed ${id}`) ?? 0) - (heard.get(`added ${id}`) ?? 0));
    expect(Math.min(...lived)).toBeGreaterThan(900);
    expect(Math.min(...lived)).toBeLessThan(1_200);
  });
});

describe('what Eureka clients trip over', () => {
  it('is avoided: heartbeats and errors have no body, nor does a missing one hurt', async () => {
    const app = await start();
    app.registry.register(instanceInfo());
    const url = `${urlOf(app)}/eureka/apps/ORDERS`;
    const headers = { 'content-type': 'application/json' };
    for (const [path, status] of [
      ['/orders-1', 200],
      ['/nobody', 404],
    ] as const) {
      const response = await fetch(url + path, { method: 'PUT', headers });
      expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([
        status,
        '0',
        '',
      ]);
      expect(response.headers.get('content-type')).toBeNull();
    }
    const lost = await fetch(`${urlOf(app)}/eureka/nowhere`, { method: 'POST', headers });
    expect([lost.status, await lost.text()]).toEqual([404, '']);
  });

  it('is avoided: connections live long, and bodies may be zipped', async () => {
    const app = await start();
    const socket = connect(Number(new URL(urlOf(app)).port), '127.0.0.1');
    socket.write('HEAD /eureka/apps HTTP/1.1\r\nHost: x\r\n\r\n');
    const head = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    socket.destroy();
    expect(Number(/keep-alive: timeout=(\d+)/i.exec(head)?.[1])).toBeGreaterThanOrEqual(65);

    const instance = {
      app: 'ORDERS',
      hostName: 'h',
      ipAddr: '10.0.0.1',
      dataCenterInfo: { '@class': 'x', name: 'MyOwn' },
    };
    const send = (body: Buffer): Promise<number> =>
      new Promise((resolve, reject) => {
        const headers = {
          'content-type': 'application/json',
          'content-encoding': 'gzip',
          'content-length': body.length,
        };
        const call = httpRequest(`${urlOf(app)}/eureka/apps/orders`, { method: 'POST', headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        call.on('error', reject).end(body);
      });
    expect(await send(gzipSync(JSON.stringify({ instance })))).toBe(204);
    expect(await send(Buffer.from('not gzip'))).toBe(400);
    expect(await send(gzipSync(Buffer.alloc(64 << 20)))).toBe(413);
    expect((await fetch(`${urlOf(app)}/eureka/apps/ORDERS/h`)).status).toBe(200);
  });
});

describe('life and death', () => {
  it('forgets nobody over a restart', async () => {
    const first = await start({ dataDir: folder });
    for (let i = 1; i <= 20; i++) await register(urlOf(first), { host: '10.0.0.1', port: i, ttl: '10s' });
    await first.close();
    const second = await start({ dataDir: folder });
    expect(second.registry.size).toBe(20);
    expect(second.storeState()).toEqual({ state: 'ok' });
  });

  it('refuses lists until it has waited for copies, when told to', async () => {
    const clock = new ManualClock();
    const { server } = DEFAULT_REGISTRY_SETTINGS.eureka;
    const app = await start({ eureka: { instance: { defaultOpenForTrafficCount: 0 }, server } }, { clock });
    expect((await fetch(`${urlOf(app)}/eureka/apps`)).status).toBe(403);
    clock.advance(300_000);
    expect((await fetch(`${urlOf(app)}/eureka/apps`)).status).toBe(200);
  });

  it('answers from a copy between ticks, when told to be like the reference', async () => {
    const clock = new ManualClock(1_760_000_000_000);
    const { instance, server } = DEFAULT_REGISTRY_SETTINGS.eureka;
    const app = await start({ eureka: { instance, server: { ...server, useReadOnlyResponseCache: true } } }, { clock });
    const hash = async (): Promise<string | undefined> =>
      /<apps__hashcode>(.*?)</.exec(await (await fetch(`${urlOf(app)}/eureka/apps`)).text())?.[1];
    expect(await hash()).toBe('');
    app.registry.register(instanceInfo());
    expect(await hash()).toBe('');
    clock.advance(30_000);
    expect(await hash()).toBe('UP_1_');
  });

  it('says which port is taken and what to do', async () => {
    const { port } = new URL(urlOf(await start()));
    const second = start({ server: { port: Number(port), address: '127.0.0.1' } });
    await expect(second).rejects.toMatchObject({
      message: `port ${port} of 127.0.0.1 is taken`,
      remedy: expect.stringContaining('--server.port='),
    });
  });

  it.each([
    [{ server: { port: 70_000, address: '127.0.0.1' } }, 'server.port is 70000'],
    [{ server: { port: 0, address: ' ' } }, 'server.address is empty'],
  ])('refuses %j', async (settings, message) => {
    await expect(start(settings)).rejects.toMatchObject({ code: 'bad-setting', message });
  });

  it('ends streams when it drains, and closes twice without harm', async () => {
    const app = await start();
    const response = await fetch(`${urlOf(app)}/api/v1/stream`);
    await app.drain(1_000);
    expect(await response.text()).toContain('event: snapshot');
    await app.close();
    await app.close();
  });
});

it('does what docs/guides/registry-api.md says', async () => {
  const app = await start();
  const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/registry-api.md'), 'utf8');
  const blocks = [...guide.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
  expect(blocks.length).toBeGreaterThanOrEqual(12);
  const outputs: string[] = [];
  for (const block of blocks.slice(1)) {
    const { stdout } = await promisify(execFile)('sh', ['-c', `REGISTRY=${urlOf(app)}\n${block}`]).catch(
      (error: { stdout: string; code: number }) => {
        // curl's status for a stream that was followed for as long as told.
        expect(error.code).toBe(28);
        return error;
      },
    );
    outputs.push(stdout);
  }
  expect(outputs[0]).toContain('"renewUrl"');
  const refused = outputs.filter((output) => output.includes('urn:cardea:problem'));
  expect(refused).toEqual([outputs.at(-1)]);
  expect(outputs.at(-2)).toContain('event: snapshot');
  expect(app.registry.findById('127.0.0.1:hello:5003')).toBeDefined();
  expect(app.registry.findById('127.0.0.1:orders:5002')).toBeUndefined();
  expect(app.registry.findById('127.0.0.1:orders:5001')?.info.status).toBe('UP');
});
