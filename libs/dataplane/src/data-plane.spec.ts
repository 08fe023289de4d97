/* oxlint-disable typescript/no-unsafe-type-assertion -- a listening TCP server has an AddressInfo */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { cluster, endpoint, route, trafficConfig, type Route } from '#traffic';
import { startFakeOrigin, type OriginScript } from '#testing';
import { DataPlane } from './data-plane.ts';
import { requestFinished, type RequestRecord } from './events.ts';

let plane: DataPlane;
let closers: (() => Promise<void>)[];
let records: RequestRecord[];
const isRecord = (message: unknown): message is RequestRecord => typeof message === 'object' && message !== null;
const record = (message: unknown): void => {
  if (isRecord(message)) records.push(message);
};

beforeEach(() => {
  plane = new DataPlane();
  records = [];
  closers = [];
  requestFinished.subscribe(record);
});

afterEach(async () => {
  requestFinished.unsubscribe(record);
  await plane.close();
  for (const close of closers) await close();
});

async function start(script: OriginScript) {
  const origin = await startFakeOrigin(script);
  closers.push(() => origin.close());
  return origin;
}

async function serve(ports: readonly number[], parts: Partial<Route> = {}): Promise<number> {
  const endpoints = ports.map((port) => endpoint({ host: '127.0.0.1', port }));
  plane.apply(
    trafficConfig({
      routes: [route({ id: 'all', ...parts })],
      clusters: [cluster({ id: 'all', endpoints: { kind: 'static', endpoints } })],
    }),
  );
  const limits = { maxBodyBytes: 100, headerTimeoutMs: 200 };
  return (await plane.listen({ address: '127.0.0.1', port: 0, limits })).port;
}

async function talk(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (piece: Buffer) => (text += piece.toString('latin1')));
  socket.write(bytes, 'latin1');
  await once(socket, 'end');
  socket.destroy();
  return text;
}

/** A port on which nobody listens. */
async function refusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const echoPath: OriginScript = (received, socket) => {
  const path = /.*(?:GET|POST) (\S+)/s.exec(received)?.[1] ?? '';
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`);
};
const head = (method: string, path: string, more = '') => `${method} ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
const LAST = 'Connection: close\r\n';
const outcomes = () => records.map(({ outcome }) => outcome);

it('answers every request of eight pipelining clients with its own id and accounts for each', async () => {
  const port = await serve([(await start(echoPath)).port]);
  const talks = Array.from({ length: 8 }, async (_, client) => {
    const ids = Array.from({ length: 50 }, (_request, index) => `/${client}-${index}!`);
    const answers = await talk(port, ids.map((id, at) => head('GET', id, at === 49 ? LAST : '')).join(''));
    expect(answers.match(/\/\d+-\d+!/g)).toEqual(ids);
  });
  await Promise.all(talks);
  expect(outcomes()).toEqual(Array.from({ length: 400 }, () => 'success'));
});

it('uses a connection again that a slow client had paused', async () => {
  const big = 8_000_000;
  const origin = await start((received, socket) => {
    if (!received.includes('/next'))
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${big}\r\n\r\n${'x'.repeat(big)}`);
    else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext');
  });
  const port = await serve([origin.port]);
  const answer = await talk(port, head('GET', '/big') + head('GET', '/next', LAST));
  expect(answer.endsWith('next')).toBe(true);
  expect(origin.connections).toHaveLength(1);
});

it.each(['GET', 'POST'])('sends a %s to the other instance when one refuses the connection', async (method) => {
  const good = await start(echoPath);
  const port = await serve([await refusedPort(), good.port]);
  for (const path of ['/1', '/2']) {
    expect(await talk(port, head(method, path, LAST))).toMatch(new RegExp(`^HTTP/1.1 200 .*${path}$`, 's'));
  }
  expect(outcomes()).toEqual(['success', 'success']);
});

it.each([
  ['GET', 200],
  ['POST', 502],
])('answers a %s on a reused connection that the service cuts with %i', async (method, status) => {
  const origin = await start((received, socket) => {
    if (received.includes('/first') && received.includes('/second')) socket.resetAndDestroy();
    else echoPath(received, socket);
  });
  const port = await serve([origin.port]);
  await talk(port, head('GET', '/first', LAST));
  expect(await talk(port, head(method, '/second', LAST))).toContain(`HTTP/1.1 ${status} `);
  expect(records).toHaveLength(2);
});

it('answers 502 when no instance accepts and 504 when none answers in time', async () => {
  const refused = await serve([await refusedPort()]);
  expect(await talk(refused, head('GET', '/', LAST))).toMatch(/^HTTP\/1\.1 502 /);
  const silent = await serve([(await start(() => undefined)).port], { timeouts: { responseMs: 20 } });
  expect(await talk(silent, head('GET', '/', LAST))).toMatch(/^HTTP\/1\.1 504 /);
  expect(outcomes()).toEqual(['upstream-connect-failed', 'upstream-timeout']);
});

it.each([
  ['a length above the limit', head('POST', '/', 'Content-Length: 101\r\n'), 413],
  ['chunks above the limit', `${head('POST', '/', 'Transfer-Encoding: chunked\r\n')}65\r\n${'x'.repeat(101)}\r\n`, 413],
  ['a head that does not end', 'GET / HTTP/1.1\r\n', 408],
  ['a head that is too large', head('GET', '/', `X: ${'x'.repeat(17_000)}\r\n`), 431],
  ['a target that is too long', head('GET', `/${'x'.repeat(9_000)}`), 414],
])('refuses %s', async (_, bytes, status) => {
  const port = await serve([(await start(() => undefined)).port]);
  expect(await talk(port, bytes)).toContain(`HTTP/1.1 ${status} `);
});
