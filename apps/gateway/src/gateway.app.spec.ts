import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBus } from '#bus';
import { DOWNSTREAM_DEFAULTS, requestFinished } from '#dataplane';
import { Journal } from '#kernel';
import { selfSigned } from '#testing';
import { RecordingPlane } from '../../../test/recording-plane.ts';
import type { ConfigurationEvents } from './environment-stream.ts';
import { startGateway, type RunningGateway } from './gateway.app.ts';
import { gatewaySettings } from './gateway-settings.fixture.ts';
import type { GatewaySettings } from './gateway-settings.ts';

const SNAPSHOT = 'event: snapshot\nid: 1\ndata: {"index":1,"instances":[]}\n\n';

let folder: string;
let registry: Server;
let settings: GatewaySettings;
let plane: RecordingPlane;
let configuration: ConfigurationEvents;
let told: (line: string) => void = () => undefined;
let gateway: RunningGateway | undefined;

/** A registry that streams an empty snapshot, echoes paths and bodies, and upgrades to a stream that echoes. */
async function startFakeRegistry(): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url === '/api/v1/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(SNAPSHOT);
    } else {
      response.write(`${request.method} ${request.url} `);
      request.pipe(response);
    }
  });
  server.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.pipe(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

function urlOf(server: Server): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-gateway-'));
  registry = await startFakeRegistry();
  plane = new RecordingPlane();
  settings = gatewaySettings({ port: 8_080, registryUrl: urlOf(registry), dataDir: folder });
});
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
  registry.closeAllConnections();
  registry.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(changes: Partial<GatewaySettings> = {}): Promise<string> {
  gateway = await startGateway(
    { ...settings, ...changes },
    {
      plane,
      journal: new Journal(({ message }) => told(message)),
      followConfiguration: (events) => {
        configuration = events;
        return { close: () => undefined };
      },
    },
  );
  return gateway.listeners.find(({ name }) => name === 'management')?.url ?? '';
}

function tellRoutes(): void {
  const properties = new Map([
    ['zuul.routes.orders.path', { value: '/orders/**', origin: { file: 'gateway.yml', line: 3, column: 7 } }],
  ]);
  configuration.onConnection(true);
  configuration.onConfiguration([{ name: 'gateway.yml', properties }], 'c1');
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.status;
}

async function untilReady(url: string): Promise<void> {
  while ((await statusOf(`${url}/actuator/health/readiness`)) !== 200);
}

describe('the management port', () => {
  it('is ready when routes, registry and configuration are there, and not while draining', async () => {
    const url = await start();
    expect(await statusOf(`${url}/actuator/health/readiness`)).toBe(503);
    expect(await statusOf(`${url}/actuator/health/liveness`)).toBe(200);
    tellRoutes();
    await untilReady(url);
    expect(await (await fetch(`${url}/actuator/health`)).json()).toMatchObject({
      status: 'UP',
      components: { configuration: { status: 'UP', details: { commit: 'c1', state: 'live' } } },
    });
    await gateway?.drain(100);
    expect(plane.drained).toBe(true);
    expect(await statusOf(`${url}/actuator/health/readiness`)).toBe(503);
    expect(await statusOf(`${url}/actuator/health/liveness`)).toBe(200);
  });

  it('stays ready when the registry and the config server go', async () => {
    const url = await start();
    tellRoutes();
    await untilReady(url);
    configuration.onConnection(false);
    registry.closeAllConnections();
    registry.close();
    let health: { components: { registry: { details: { connected: boolean } } } };
    do {
      const response = await fetch(`${url}/actuator/health`);
      expect(response.status).toBe(200);
      health = JSON.parse(await response.text());
    } while (health.components.registry.details.connected);
  });

  it('drains when the bus says so, by its name or all', async () => {
    const url = await start();
    tellRoutes();
    await untilReady(url);
    const bus = await openBus({ transport: 'local', handlers: {} });
    bus.publish('drain', { app: 'another' });
    await new Promise(setImmediate);
    expect(plane.drained).toBe(false);
    bus.publish('drain', { app: 'gateway' });
    while ((await statusOf(`${url}/actuator/health/readiness`)) !== 503);
    expect(plane.drained).toBe(true);
    await bus.close();
  });

  it('shows routes to people and in Spring’s form', async () => {
    const url = await start();
    tellRoutes();
    await untilReady(url);
    expect(await (await fetch(`${url}/api/v1/gateway/routes`)).json()).toMatchObject({
      routes: [{ id: 'orders', order: 0, dialect: 'zuul', target: 'service orders', problems: [] }],
      configSource: { commit: 'c1', state: 'live' },
    });
    expect(await (await fetch(`${url}/actuator/gateway/routes`)).json()).toMatchObject([
      { route_id: 'orders', uri: 'lb://orders', order: 0 },
    ]);
    expect(await (await fetch(`${url}/actuator/info`)).json()).toMatchObject({ app: { name: 'gateway' } });
    expect(await (await fetch(`${url}/actuator`)).json()).toMatchObject({
      _links: { 'health-readiness': { href: `${url}/actuator/health/readiness` } },
    });
  });

  it('explains what becomes of a request, with the instances and what is known of them', async () => {
    const url = await start();
    plane.clusters = [{ id: 'orders', balancing: 'round-robin', planes: 1, endpoints: [] }];
    const ask = (body: string) => fetch(`${url}/api/v1/gateway/explain`, { method: 'POST', body });
    expect(await (await ask('{"url":"/orders/1"}')).json()).toEqual({ tried: [] });
    tellRoutes();
    await untilReady(url);
    const answer = await ask('{"url":"/orders/1","headers":{"X-A":"b"},"peerAddress":"203.0.113.9"}');
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      {
        tried: [{ id: 'orders', matched: true, location: { file: 'gateway.yml', line: 3 } }],
        route: { id: 'orders', target: 'service orders' },
        cluster: { id: 'orders', endpoints: [] },
        sent: { uri: 'http://orders/1', headers: expect.arrayContaining([['X-A', 'b']]) },
      },
    ]);
  });

  it.each(['', '[]', '{"method":"GET"}', '{"url":7}', '{"url":"/","headers":[["a"]]}', '{"url":"x"}'])(
    'refuses the question %j and says how to ask',
    async (body) => {
      const url = await start();
      tellRoutes();
      await untilReady(url);
      const answer = await fetch(`${url}/api/v1/gateway/explain`, { method: 'POST', body });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        400,
        'application/problem+json; charset=utf-8',
      ]);
      expect(await answer.json()).toMatchObject({ status: 400, remedy: expect.stringMatching(/^(ask like|write) /) });
    },
  );

  it('streams each second of traffic, and counts it for Prometheus', async () => {
    const url = await start();
    requestFinished.publish({
      route: 'orders',
      cluster: 'orders',
      method: 'GET',
      outcome: 'success',
      durationMs: 2,
      requestBytes: 0,
      responseBytes: 5,
      attempts: [],
    });
    const response = await fetch(`${url}/api/v1/gateway/live`);
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('"requests":1')) break;
    }
    expect(text).toContain('"outcomes":{"success":1}');
    const metrics = await (await fetch(`${url}/actuator/prometheus`)).text();
    expect(metrics).toContain('cardea_requests_total{route="orders",method="GET",outcome="success"} 1');
  });

  it('is a passage to the registry for requests with bodies, streams and upgrades', async () => {
    const url = await start();
    const echoed = await fetch(`${url}/registry/api/v1/x?y=1`, { method: 'POST', body: '{"a":1}' });
    expect(await echoed.text()).toBe('POST /api/v1/x?y=1 {"a":1}');
    const stream = await fetch(`${url}/registry/api/v1/stream`);
    const first = await stream.body?.getReader().read();
    expect(Buffer.from(first?.value ?? []).toString()).toBe(SNAPSHOT);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET /registry/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    let answer = '';
    for await (const chunk of socket) {
      answer += String(chunk);
      if (answer.endsWith('\r\n\r\n')) socket.write('ping');
      if (answer.endsWith('ping')) break;
    }
    expect(answer).toContain('101 Switching Protocols');
    const dead = await fetch(`${url}/config/orders/default`);
    expect(dead.status).toBe(502);
    expect(await dead.json()).toMatchObject({ title: 'http://127.0.0.1:1 cannot be reached' });
  });

  it('says when renewed certificates cannot be used, goes on with the old ones, and shows those that can', async () => {
    const [certificate, privateKey] = [join(folder, 'a.pem'), join(folder, 'a.key')];
    const make = () => {
      const { cert, key } = selfSigned('DNS:a.test');
      writeFileSync(certificate, cert);
      writeFileSync(privateKey, key);
    };
    const line = (wanted: RegExp) =>
      new Promise<void>((resolve) => {
        told = (text) => void (wanted.test(text) && resolve());
      });
    make();
    const url = await start({ certificate, privateKey });
    const first = plane.listening?.tls;
    expect(first).toMatchObject([{ names: ['a.test'] }]);
    const refused = line(/a\.pem does not hold a certificate.*the certificate read before stays in use/);
    writeFileSync(certificate, 'junk');
    await refused;
    const health = async (): Promise<unknown> => (await fetch(`${url}/actuator/health`)).json();
    expect(await health()).toMatchObject({
      components: { ssl: { status: 'UNKNOWN', details: { certificates: [{ file: certificate, names: ['a.test'] }] } } },
    });
    const routes = async (): Promise<unknown> => (await fetch(`${url}/api/v1/gateway/routes`)).json();
    expect(await routes()).toMatchObject({ problems: [{ code: 'certificate-not-renewed', subject: certificate }] });
    expect(plane.renewed).toEqual([]);
    const renewed = line(/a\.pem is renewed/);
    make();
    await renewed;
    expect(plane.renewed).toMatchObject([{ names: ['a.test'] }]);
    expect(plane.renewed).not.toEqual(first);
    expect(await health()).toMatchObject({ components: { ssl: { status: 'UP' } } });
    expect(await routes()).toMatchObject({ problems: [] });
  });

  it('hands TLS files and limits to the data plane, and refuses files that are none before it listens', async () => {
    await expect(start({ certificate: join(folder, 'none.pem'), privateKey: 'x' })).rejects.toThrow(
      /none\.pem cannot be read/,
    );
    await expect(start({ certificate: 'a.pem' })).rejects.toThrow('server.ssl.certificate has no key');
    await start({ maxHeaderBytes: 9_000, trustedProxies: ['10.0.0.0/8'], forwardedHeaders: 'reference' });
    const limits = { ...DOWNSTREAM_DEFAULTS, maxHeaderBytes: 9_000 };
    expect(plane.listening).toEqual({ address: '127.0.0.1', port: 8_080, http2: true, limits });
    tellRoutes();
    while (plane.applied.length === 0) await new Promise(setImmediate);
    expect(plane.applied[0]?.forwarding.trustedProxies).toEqual(['10.0.0.0/8']);
  });

  it('refuses an access log format that it does not understand, by the place of the fault', async () => {
    const accessLogFormat = '%PROTOCOL% %RESPONSE_COD%';
    await expect(start({ accessLog: join(folder, 'a.log'), accessLogFormat })).rejects.toThrow(
      'cardea.access-log.format: "%RESPONSE_COD%" at character 12 is not known; did you mean %RESPONSE_CODE%?',
    );
    await start({ accessLogFormat });
  });

  it('puts the actuator on the data port when both ports are one', async () => {
    await start({ managementPort: 8_080 });
    tellRoutes();
    while (plane.applied.length === 0) await new Promise(setImmediate);
    const [config] = plane.applied;
    expect(config?.routes.map(({ id }) => id)).toEqual(['cardea-actuator', 'orders']);
    const management = new URL(gateway?.listeners[1]?.url ?? '');
    expect(config?.clusters[0]?.endpoints).toMatchObject({ endpoints: [{ port: Number(management.port) }] });
  });
});

it('says which port is taken and what to do, and leaves nothing running', async () => {
  await expect(start({ port: 1 })).rejects.toMatchObject({
    message: 'port 1 of 127.0.0.1 is taken',
    remedy: expect.stringContaining('--server.port=2'),
  });
  expect(plane.closed).toBe(true);
  plane.closed = false;
  const { port } = new URL(urlOf(registry));
  await expect(start({ managementPort: Number(port) })).rejects.toMatchObject({
    message: `port ${port} of 127.0.0.1 is taken`,
    remedy: expect.stringContaining('--management.server.port='),
  });
  expect(plane.closed).toBe(true);
});
