import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { listeningPort, selfSigned, Watched } from '#testing';
import { watchConsul, type WatchConsulOptions } from './watch-consul.ts';

/** What a question is about: `services`, or the name of a service. */
interface Asked {
  readonly about: string;
  readonly index: number;
  readonly token: string | undefined;
  readonly response: ServerResponse;
}

let server: Server;
let asked: Asked[];
let heard: string[];
let watched: Watched;
let catalog: Record<string, number>;
let watch: { readonly connected: boolean; close(): void } | undefined;

beforeEach(async () => {
  [asked, heard, catalog, watched] = [[], [], { orders: 1 }, new Watched()];
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://consul');
    const token = request.headers['x-consul-token'];
    const about = pathname.split('/').at(-1) ?? '';
    const question = { about, index: Number(searchParams.get('index')), token: token?.toString(), response };
    asked.push(question);
    if (question.index === 0) answer(question, 7);
    watched.changed();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  watch?.close();
  server.closeAllConnections();
  server.close();
});

function answer({ about, response }: Asked, index: number): void {
  const instances = Array.from({ length: catalog[about] ?? 0 }, (_, at) => ({
    Node: { Node: 'n', Address: '10.0.0.1' },
    Service: { ID: `${about}-${at}`, Port: 80 + at },
    Checks: [],
  }));
  const body = about === 'services' ? Object.fromEntries(Object.keys(catalog).map((name) => [name, []])) : instances;
  response.writeHead(200, { 'content-type': 'application/json', 'x-consul-index': `${index}` });
  response.end(JSON.stringify(body));
}

function start(options: Partial<WatchConsulOptions> = {}): void {
  const hear = (text: string): void => {
    heard.push(text);
    watched.changed();
  };
  watch = watchConsul({
    url: `consul://127.0.0.1:${listeningPort(server)}`,
    onSnapshot: ({ instances }) => hear(`snapshot ${instances.map(({ id }) => id).join(' ')}`),
    onChange: ({ changes }) => hear(changes.map(({ type, instance }) => `${type} ${instance.id}`).join(', ')),
    onConnected: () => hear('connected'),
    onDisconnected: ({ error }) => hear(`disconnected: ${error.cause instanceof Error ? error.cause.message : ''}`),
    ...options,
  });
}

const until = (condition: () => boolean) =>
  watched.until(
    condition,
    () => `${heard.join('; ')} | ${asked.map(({ about, index }) => `${about} ${index}`).join(', ')}`,
  );

const isOpen = ({ response }: Asked) => !response.writableEnded && !response.destroyed;

/** The question about a thing that waits for an answer. */
async function waiting(about: string, index: number): Promise<Asked> {
  const find = () => asked.findLast((one) => one.about === about && one.index === index && isOpen(one));
  await until(() => find() !== undefined);
  return find() ?? Promise.reject(new Error(`nobody asks for ${about}`));
}

it('reads everything, then waits for what is newer, and tells it', async () => {
  catalog = { orders: 2, Billing: 1, billing: 1 };
  start({ token: 's3cret' });
  const question = await waiting('orders', 7);
  expect(heard).toEqual(['connected', 'snapshot billing-0@n orders-0@n orders-1@n']);
  expect(new Set(asked.map(({ token }) => token))).toEqual(new Set(['s3cret']));
  catalog['orders'] = 1;
  answer(question, 8);
  await waiting('orders', 8);
  expect(heard.slice(2)).toEqual(['removed orders-1@n']);
  catalog = { billing: 1, users: 1 };
  answer(await waiting('services', 7), 9);
  await until(() => heard.length === 5);
  expect(heard.slice(3)).toEqual(['removed orders-0@n', 'added users-0@n']);
  expect(watch?.connected).toBe(true);
});

it('begins anew with an index that went back, and never waits beyond 0', async () => {
  start({ services: ['Orders'] });
  answer(await waiting('orders', 7), 3);
  answer(await waiting('orders', 7), 0);
  await until(() => asked.filter(({ index }) => index === 0).length === 3);
  expect(asked.some(({ about }) => about === 'services')).toBe(false);
  expect(heard).toEqual(['connected', 'snapshot orders-0@n']);
});

it('tells why it is away, without the token, and comes back with a snapshot', async () => {
  start({ token: 's3cret' });
  (await waiting('orders', 7)).response.writeHead(403, { 'content-type': 'text/plain' }).end('no s3cret here');
  await until(() => heard.includes('snapshot orders-0@n') && heard.length === 5);
  expect(heard.slice(2)).toEqual(['disconnected: it answers 403: no (token) here', 'connected', 'snapshot orders-0@n']);
  (await waiting('services', 7)).response.destroy();
  await until(() => heard.length === 8);
  expect(heard[5]).toMatch(/^disconnected: .*socket hang up/);
});

it('does not begin with more services or instances than it follows', async () => {
  catalog = { a: 1, b: 1, c: 1 };
  start({ maxServices: 2 });
  await until(() => heard.length === 1);
  expect(heard[0]).toMatch(/^disconnected: its catalog has 3 services, and 2 at most are followed: .*consul-services$/);
  watch?.close();
  heard = [];
  start({ maxInstances: 2 });
  await until(() => heard.length === 1);
  expect(heard[0]).toMatch(/^disconnected: its catalog has more than the 2 instances that are followed/);
});

it('follows what it knows when there comes to be too much', async () => {
  start({ maxServices: 1, maxInstances: 2 });
  const question = await waiting('services', 7);
  catalog = { orders: 1, users: 1 };
  answer(question, 8);
  await until(() => heard.length === 3);
  expect(heard[2]).toContain('has 2 services, and 1 at most');
  expect(watch?.connected).toBe(false);
  catalog = { orders: 3 };
  answer(await waiting('orders', 7), 8);
  await until(() => heard.length === 5);
  expect(heard.slice(3)).toEqual(['added orders-1@n', expect.stringContaining('more than the 2 instances')]);
  catalog = { orders: 2 };
  answer(await waiting('orders', 8), 9);
  answer(await waiting('services', 8), 9);
  await until(() => heard.length === 6);
  expect(heard[5]).toBe('connected');
});

it('takes an empty catalog for a lack of rights when Consul says that it left something out', async () => {
  server.removeAllListeners('request');
  server.on('request', (_request, response) => {
    response.setHeader('x-consul-results-filtered-by-acls', 'true');
    response.setHeader('x-consul-index', '5');
    response.setHeader('content-type', 'application/json').end('{}');
  });
  start();
  await until(() => heard.length === 1);
  expect(heard).toEqual(['disconnected: its access rules let the token see no service']);
});

it('says that something else answers', async () => {
  server.removeAllListeners('request');
  server.on('request', (_request, response) => void response.end('hello'));
  start();
  await until(() => heard.length === 1);
  expect(heard[0]).toMatch(/^disconnected: its answer has no X-Consul-Index/);
});

it('speaks TLS with those that it can trust', async () => {
  const secure = createTlsServer(selfSigned('IP:127.0.0.1'), () => heard.push('asked'));
  await once(secure.listen(0, '127.0.0.1'), 'listening');
  start({ url: `consul+https://127.0.0.1:${listeningPort(secure)}` });
  try {
    await until(() => heard.length === 1);
    expect(heard).toEqual([expect.stringMatching(/^disconnected: self-signed certificate/)]);
  } finally {
    secure.close();
  }
});
