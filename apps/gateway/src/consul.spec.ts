import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '#kernel';
import { listeningPort, Watched } from '#testing';
import { startConsul } from '../../../test/engines/consul.ts';
import { describeWith, type Engine } from '../../../test/engines/engine.ts';
import { type RunningGateway, startGateway } from './gateway.app.ts';
import { gatewaySettings } from './gateway-settings.fixture.ts';

const TOKEN = 'a-token-that-is-never-shown';
const ROUTE = new Map([
  ['spring.cloud.gateway.routes[0].id', { value: 'orders', origin: { file: 'gateway.yml', line: 1 } }],
  ['spring.cloud.gateway.routes[0].uri', { value: 'lb://ORDERS', origin: { file: 'gateway.yml', line: 2 } }],
  ['spring.cloud.gateway.routes[0].predicates[0]', { value: 'Path=/**', origin: { file: 'gateway.yml', line: 3 } }],
]);

let folder: string;
let consul: Engine;
let origins: Server[];
let gateway: RunningGateway;
let told: string[];
let journal: Watched;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-consul-gateway-'));
  [told, journal] = [[], new Watched()];
  consul = await startConsul();
  origins = await Promise.all(
    ['one', 'two'].map(async (name) => {
      const server = createServer((_request, response) => void response.end(name));
      await once(server.listen(0, '127.0.0.1'), 'listening');
      return server;
    }),
  );
  gateway = await startGateway(
    gatewaySettings({ registryUrl: consul.url.replace('http:', 'consul:'), consulToken: TOKEN, dataDir: folder }),
    {
      journal: new Journal((entry) => {
        told.push(JSON.stringify(entry));
        journal.changed();
      }),
      followConfiguration: (events) => {
        events.onConnection(true);
        events.onConfiguration([{ name: 'gateway.yml', properties: ROUTE }], 'c1');
        return { close: () => undefined };
      },
    },
  );
}, 40_000);
afterEach(async () => {
  await gateway.close();
  await consul.stop();
  for (const origin of origins) origin.close();
  rmSync(folder, { recursive: true, force: true });
});

async function put(path: string, body: object = {}): Promise<void> {
  const answer = await fetch(`${consul.url}/v1/agent/${path}`, { method: 'PUT', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

/** Registers an origin under its place in the list, with a check that is passed by telling so. */
async function register(at: number): Promise<void> {
  const origin = origins[at];
  const Port = origin && listeningPort(origin);
  const Check = { TTL: '10m', Status: 'passing' };
  await put('service/register', { Name: 'Orders', ID: `o${at}`, Address: '127.0.0.1', Port, Check });
}

async function ask(): Promise<string> {
  const url = gateway.listeners.find(({ name }) => name === 'gateway')?.url ?? '';
  const answer = await fetch(`${url}/`);
  return answer.ok ? answer.text() : String(answer.status);
}

/** Asks until several answers in a row have come from exactly these; answers how long it took, ms. */
async function untilFrom(...wanted: string[]): Promise<number> {
  const began = performance.now();
  for (;;) {
    const seen = new Set<string>();
    for (let count = 0; count < 6; count++) seen.add(await ask());
    if ([...seen].toSorted().join() === wanted.join()) return performance.now() - began;
    if (performance.now() - began > 10_000) throw new Error(`${[...seen].join()} instead of ${wanted.join()}`);
  }
}

async function health(): Promise<unknown> {
  const url = gateway.listeners.find(({ name }) => name === 'management')?.url ?? '';
  const answer = await fetch(`${url}/actuator/health`);
  const { components } = JSON.parse(await answer.text());
  return components.registry;
}

const heard = (event: string) =>
  journal.until(
    () => told.some((entry) => entry.includes(`"${event}"`)),
    () => told.join('\n'),
  );

describeWith(['consul'], 'a gateway that finds instances in Consul', () => {
  it('follows registrations, checks, maintenance and departures', async () => {
    await register(0);
    await register(1);
    await untilFrom('one', 'two');
    await put('check/fail/service:o0');
    expect(await untilFrom('two')).toBeLessThan(2_000);
    await put('check/warn/service:o0');
    expect(await untilFrom('one', 'two')).toBeLessThan(2_000);
    await put('service/maintenance/o1?enable=true');
    expect(await untilFrom('one')).toBeLessThan(2_000);
    await put('service/maintenance/o1?enable=false');
    await untilFrom('one', 'two');
    await put('service/deregister/o0');
    expect(await untilFrom('two')).toBeLessThan(2_000);
    await put('service/deregister/o1');
    expect(await untilFrom('503')).toBeLessThan(2_000);
    expect(told.join('\n')).not.toContain(TOKEN);
  }, 40_000);

  it('serves on what it knows while Consul is away, and when it comes back having forgotten everything', async () => {
    await register(0);
    await register(1);
    await untilFrom('one', 'two');
    expect(await health()).toMatchObject({ status: 'UP', details: { connected: true } });
    const port = consul.port;
    await consul.stop();
    await heard('registry-lost');
    await untilFrom('one', 'two');
    expect(await health()).toMatchObject({ status: 'UP', details: { connected: false } });
    consul = await startConsul(port);
    const answers: string[] = [];
    while (!told.some((entry) => entry.includes('"registry-regained"'))) answers.push(await ask());
    for (let count = 0; count < 20; count++) answers.push(await ask());
    expect(new Set(answers)).toEqual(new Set(['one', 'two']));
    expect(await health()).toMatchObject({ status: 'UP', details: { connected: true, kept: 2 } });
    await register(1);
    await register(0);
    await untilFrom('one', 'two');
    await put('service/deregister/o1');
    expect(await untilFrom('one')).toBeLessThan(2_000);
    expect(told.join('\n')).not.toContain(TOKEN);
  }, 60_000);

  it('does not hand Consul on to whoever reaches the management port', async () => {
    const url = gateway.listeners.find(({ name }) => name === 'management')?.url ?? '';
    expect((await fetch(`${url}/registry/v1/catalog/services`)).status).toBe(404);
  });
});
