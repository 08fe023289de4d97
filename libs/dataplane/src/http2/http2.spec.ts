import { once } from 'node:events';
import { connect, type ClientHttp2Session, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { cluster, endpoint, route, trafficConfig, type Route } from '#traffic';
import { startFakeOrigin, type OriginScript } from '#testing';
import { DataPlane, type PlaneListener } from '../data-plane.ts';
import { requestFinished, type RequestRecord } from '../events.ts';
import type { ListenerOptions } from '../listener.ts';

let plane: DataPlane;
let closers: (() => Promise<void> | void)[];
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
  for (const close of closers) await close();
  await plane.close();
});

async function serve(
  script: OriginScript,
  options: Partial<ListenerOptions> = {},
  parts: Partial<Route> = {},
): Promise<{ listener: PlaneListener; origin: Awaited<ReturnType<typeof startFakeOrigin>> }> {
  const origin = await startFakeOrigin(script);
  closers.push(() => origin.close());
  const endpoints = [endpoint({ host: '127.0.0.1', port: origin.port })];
  plane.apply(
    trafficConfig({
      routes: [route({ id: 'all', ...parts })],
      clusters: [cluster({ id: 'all', endpoints: { kind: 'static', endpoints } })],
    }),
  );
  return { listener: await plane.listen({ address: '127.0.0.1', port: 0, ...options }), origin };
}

function client(listener: PlaneListener): ClientHttp2Session {
  const session = connect(`http://127.0.0.1:${listener.port}`);
  session.on('error', () => undefined);
  closers.push(() => session.destroy());
  return session;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly raw: readonly string[];
  readonly body: string;
  readonly trailers: IncomingHttpHeaders | undefined;
  readonly interim: readonly number[];
  readonly code: number | undefined;
}

async function ask(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string): Promise<Answer> {
  const stream = session.request(headers, { endStream: body === undefined });
  let text = '';
  let head: IncomingHttpHeaders = {};
  let raw: readonly string[] = [];
  let trailers: IncomingHttpHeaders | undefined;
  const interim: number[] = [];
  stream.on('error', () => undefined);
  stream.on('headers', (fields) => interim.push(Number(fields[':status'])));
  stream.on('response', (fields, _flags, list) => {
    head = fields;
    raw = list;
  });
  stream.on('trailers', (fields) => (trailers = fields));
  stream.on('data', (piece: Buffer) => (text += piece.toString('latin1')));
  if (body !== undefined) stream.end(body);
  await once(stream, 'close');
  const status = head[':status'];
  return {
    status: status === undefined ? undefined : Number(status),
    headers: head,
    raw,
    body: text,
    trailers,
    interim,
    code: stream.rstCode,
  };
}

const whole = (text: string) => (received: string, socket: Socket) => {
  if (received.endsWith('\r\n\r\n')) socket.write(text, 'latin1');
};
const ok = whole('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');

it('carries a request to an HTTP/1.1 service and its answer back', async () => {
  const { listener, origin } = await serve(
    whole('HTTP/1.1 200 Fine\r\nContent-Length: 2\r\nX-A: 1\r\nSet-Cookie: a\r\nX-B: 2\r\nset-cookie: b\r\n\r\nok'),
  );
  const answer = await ask(client(listener), {
    ':path': '/p%20a?q=%41',
    ':authority': 'shop.test:81',
    'x-one': '1',
    te: 'trailers',
    cookie: ['a=1', 'b=2'],
  });
  expect(answer).toMatchObject({ status: 200, body: 'ok', code: 0 });
  expect(answer.raw.slice(0, -2)).toEqual([
    ':status',
    '200',
    'content-length',
    '2',
    'x-a',
    '1',
    'set-cookie',
    'a',
    'x-b',
    '2',
    'set-cookie',
    'b',
  ]);
  const lines = (origin.connections[0] ?? '').split('\r\n');
  expect(lines.slice(0, 8)).toEqual([
    'GET /p%20a?q=%41 HTTP/1.1',
    expect.stringMatching(/^Host: 127\.0\.0\.1:\d+$/),
    'x-one: 1',
    'cookie: a=1; b=2',
    'X-Forwarded-For: 127.0.0.1',
    'X-Forwarded-Host: shop.test:81',
    'X-Forwarded-Port: 81',
    'X-Forwarded-Proto: http',
  ]);
  expect(records).toMatchObject([
    { protocol: 'HTTP/2', outcome: 'success', target: '/p%20a?q=%41', authority: 'shop.test:81', status: 200 },
  ]);
});

it('serves many streams of one connection at once, and HTTP/1.1 on the same port', async () => {
  const { listener } = await serve(ok);
  const session = client(listener);
  const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => ask(session, { ':path': `/${index}` })));
  expect(answers.every(({ body }) => body === 'ok')).toBe(true);
  const response = await fetch(`http://127.0.0.1:${listener.port}/`);
  expect(await response.text()).toBe('ok');
  expect(records.map(({ protocol }) => protocol).filter((protocol) => protocol === 'HTTP/1.1')).toHaveLength(1);
});
