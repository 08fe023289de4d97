import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { LiveSecond } from '#telemetry';
import { LiveStream } from './live-stream.ts';

let stream: LiveStream;
let server: Server;
let readers: ServerResponse[];

beforeEach(async () => {
  stream = new LiveStream();
  readers = [];
  server = createServer((_request, response) => {
    readers.push(response);
    stream.attach(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function second(at: number, routes: LiveSecond['routes'] = {}): LiveSecond {
  return { at, requests: 0, errors: 0, p50Ms: 0, p99Ms: 0, inFlight: 0, outcomes: {}, routes, services: {} };
}

async function open(): Promise<IncomingMessage> {
  const address = server.address();
  const sent = request({ port: typeof address === 'object' ? address?.port : 0, host: '127.0.0.1' }).end();
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (response === undefined) throw new Error('no answer');
  return response.setEncoding('utf8');
}

async function readUntil(response: IncomingMessage, last: number): Promise<number[]> {
  let text = '';
  for await (const piece of response) {
    text += String(piece);
    if (text.includes(`"at":${last},`) && text.endsWith('\n\n')) break;
  }
  return [...text.matchAll(/"at":(\d+),/g)].map(([, at]) => Number(at));
}

it('gives newcomers the last five minutes, then every second as it comes', async () => {
  for (let at = 1; at <= 310; at++) stream.push(second(at));
  const response = await open();
  stream.push(second(311));
  const seen = await readUntil(response, 311);
  expect([seen.length, seen[0], seen.at(-1)]).toEqual([301, 11, 311]);
});

it('remembers less of what is large, and cuts nobody off for what it was sent first', async () => {
  const figures = { requests: 1, errors: 0, p50Ms: 1, p99Ms: 1 };
  const routes = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`route-${index}`, figures]));
  for (let at = 1; at <= 100; at++) stream.push(second(at, routes));
  const response = await open();
  stream.push(second(101));
  const seen = await readUntil(response, 101);
  expect(seen.at(-1)).toBe(101);
  expect(seen.length).toBeGreaterThan(20);
  expect(seen.length).toBeLessThan(60);
});

it('cuts off who does not read, and ends the streams of the others when it closes', async () => {
  const idle = await open();
  idle.pause().on('error', () => undefined);
  const [reader] = readers;
  if (reader === undefined) throw new Error('nobody reads');
  const cut = once(reader, 'close');
  const routes = { ['r'.repeat(900_000)]: { requests: 1, errors: 0, p50Ms: 1, p99Ms: 1 } };
  for (let at = 1; at <= 40; at++) stream.push(second(at, routes));
  await cut;
  const reading = await open();
  stream.close();
  await once(reading.resume(), 'end');
});
