import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { ManualClock } from '#testing';
import { watchRegistry } from './watch-registry.ts';

let server: Server;
let url: string;
let clock: ManualClock;
let watch: { readonly connected: boolean; close(): void } | undefined;
let heard: string[];
let calls: { request: IncomingMessage; response: ServerResponse }[];

beforeEach(async () => {
  calls = [];
  heard = [];
  clock = new ManualClock();
  server = createServer((request, response) => {
    calls.push({ request, response });
    server.emit('call');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
});
afterEach(() => {
  watch?.close();
  server.closeAllConnections();
  server.close();
});

function start(services?: readonly string[]): void {
  watch = watchRegistry({
    url,
    clock,
    ...(services === undefined ? {} : { services }),
    onSnapshot: ({ index }) => heard.push(`snapshot ${index}`),
    onChange: ({ index, changes }) => heard.push(`change ${index} ${changes.length}`),
    onConnected: () => heard.push('connected'),
    onDisconnected: ({ attempt, error }) => heard.push(`disconnected ${attempt} ${error.code}`),
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

async function nextCall(count: number): Promise<(typeof calls)[number]> {
  await until(() => calls.length >= count);
  return calls[count - 1] ?? Promise.reject(new Error('no call'));
}

const event = (name: string, index: number, data: object): string =>
  `event: ${name}\nid: ${index}\ndata: ${JSON.stringify({ index, ...data })}\n\n`;

it('follows, comes back when the connection breaks, and says where it was', async () => {
  start(['orders', 'a b']);
  const first = await nextCall(1);
  expect(first.request.url).toBe('/api/v1/stream?service=orders,a%20b');
  expect(first.request.headers['last-event-id']).toBeUndefined();
  first.response.write(event('snapshot', 5, { instances: [] }) + event('change', 6, { changes: [{}] }));
  await until(() => heard.length === 3);
  first.response.destroy();
  await until(() => heard.length === 4);
  expect(watch?.connected).toBe(false);
  clock.advance(200);
  const second = await nextCall(2);
  expect(second.request.headers['last-event-id']).toBe('6');
  second.response.write(event('change', 7, { changes: [] }));
  await until(() => heard.length === 6);
  expect(heard).toEqual([
    'connected',
    'snapshot 5',
    'change 6 1',
    'disconnected 1 registry-unreachable',
    'connected',
    'change 7 0',
  ]);
});

it('waits longer from failure to failure, and five seconds or so at most', async () => {
  start();
  for (let attempt = 1; attempt <= 10; attempt++) {
    const { response } = await nextCall(attempt);
    response.writeHead(503).end();
    await until(() => heard.length === attempt);
    if (attempt >= 8) {
      clock.advance(3_700);
      await turn();
      expect(calls).toHaveLength(attempt);
    }
    clock.advance(6_300);
  }
  expect(heard.at(-1)).toBe('disconnected 10 registry-unreachable');
});

it('takes 45 s of silence for a dead server', async () => {
  start();
  const { response } = await nextCall(1);
  response.write(event('snapshot', 1, { instances: [] }));
  await until(() => heard.length === 2);
  clock.advance(44_000);
  response.write(': alive\n\n');
  await until(() => clock.pending > 0);
  for (let i = 0; i < 50; i++) await turn();
  clock.advance(44_000);
  expect(watch?.connected).toBe(true);
  clock.advance(2_000);
  await until(() => heard.length === 3);
  expect(heard[2]).toBe('disconnected 1 registry-unreachable');
});

it('is quiet once closed', async () => {
  start();
  const { response } = await nextCall(1);
  response.write(event('snapshot', 1, { instances: [] }));
  await until(() => heard.length === 2);
  watch?.close();
  await once(response, 'close');
  expect(heard).toHaveLength(2);
  expect(clock.pending).toBe(0);
});
