import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { answering, ask, PlaneFixture, selfSigned } from '#testing';
import type { PlaneListener } from './data-plane.ts';
import { connectionChanged, type ConnectionRecord } from './events.ts';
import type { ServerIdentity } from './tls-identities.ts';

let fixture: PlaneFixture;
const made = new Map<string, ServerIdentity>();

/** A certificate of its own for each name. */
function identity(name: string, names: readonly string[] = [name]): ServerIdentity {
  const known = made.get(name) ?? selfSigned(`DNS:${name}`);
  made.set(name, known);
  return { ...known, names };
}

beforeEach(() => (fixture = new PlaneFixture()));
afterEach(() => fixture.close());

const ok = answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');

async function secure(listener: PlaneListener, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: listener.port, rejectUnauthorized: false, ...options });
  fixture.later(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

async function shown(listener: PlaneListener, servername?: string): Promise<string | string[] | undefined> {
  const socket = await secure(listener, servername === undefined ? {} : { servername });
  return socket.getPeerCertificate().subject.CN;
}

const get = async (socket: TLSSocket): Promise<string> => {
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const [bytes]: unknown[] = await once(socket, 'data');
  return String(bytes);
};

function isConnectionRecord(message: unknown): message is ConnectionRecord {
  return typeof message === 'object' && message !== null && 'side' in message;
}

it('shows the certificate of the host that the client names', async () => {
  const tls = [
    identity('default.test'),
    identity('shop.test', ['shop.test', '*.shop.test']),
    identity('pay.shop.test', ['Pay.Shop.test.']),
    identity('*.test'),
  ];
  const { listener } = await fixture.serve(ok, { tls });
  const asked = ['shop.test', 'a.shop.test', 'PAY.shop.test', 'b.a.shop.test', 'x.test', 'default.test', 'other.org'];
  const answers = [];
  for (const name of asked) answers.push(await shown(listener, name));
  const expected = 'shop.test shop.test pay.shop.test default.test *.test default.test default.test';
  expect(answers.join(' ')).toBe(expected);
  expect(await shown(listener)).toBe('default.test');
});

it('renews certificates without cutting a connection, and keeps them when the new ones are none', async () => {
  const { listener } = await fixture.serve(ok, { tls: [identity('default.test'), identity('shop.test')] });
  const before = await secure(listener, { servername: 'shop.test' });
  expect(await get(before)).toMatch(/^HTTP\/1\.1 200/);
  listener.renew([identity('new.test'), { ...identity('new.shop.test'), names: ['shop.test'] }]);
  expect(await get(before)).toMatch(/^HTTP\/1\.1 200/);
  expect([await shown(listener), await shown(listener, 'shop.test')]).toEqual(['new.test', 'new.shop.test']);
  expect(() => listener.renew([identity('default.test'), { cert: 'junk', key: 'junk', names: [] }])).toThrow();
  expect(() => listener.renew([])).toThrow('needs a certificate');
  expect([await shown(listener), await shown(listener, 'shop.test')]).toEqual(['new.test', 'new.shop.test']);
  expect(await get(before)).toMatch(/^HTTP\/1\.1 200/);
});

it('speaks what is negotiated: HTTP/2, or HTTP/1.1 with its own codec', async () => {
  const { listener, origin } = await fixture.serve(ok, { tls: identity('a.test') });
  const session = connectHttp2(`https://127.0.0.1:${listener.port}`, { rejectUnauthorized: false });
  fixture.later(() => session.destroy());
  expect(await ask(session, { ':authority': 'a.test' })).toMatchObject({ status: 200, body: 'ok' });
  expect(session.alpnProtocol).toBe('h2');
  for (const ALPNProtocols of [['http/1.1'], []]) {
    const socket = await secure(listener, { ALPNProtocols });
    expect(socket.alpnProtocol || 'http/1.1').toBe('http/1.1');
    expect(await get(socket)).toMatch(/^HTTP\/1\.1 200/);
  }
  expect(fixture.records.map(({ protocol }) => protocol)).toEqual(['HTTP/2', 'HTTP/1.1', 'HTTP/1.1']);
  expect(origin.connections[0]).toContain('X-Forwarded-Port: 443\r\nX-Forwarded-Proto: https\r\n');
});

it('offers no HTTP/2 where it is turned off, and takes no preface that was not negotiated', async () => {
  const { listener } = await fixture.serve(ok, { tls: identity('a.test'), http2: false });
  const socket = await secure(listener, { ALPNProtocols: ['h2', 'http/1.1'] });
  expect(socket.alpnProtocol).toBe('http/1.1');
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  const [bytes]: unknown[] = await once(socket, 'data');
  expect(String(bytes)).toMatch(/^HTTP\/1\.1 505 /);
});

it('does not wait for a handshake for ever, nor lets those that wait take all places', async () => {
  const told: ConnectionRecord[] = [];
  const listen = (message: unknown): void => {
    if (isConnectionRecord(message) && message.event === 'refused') told.push(message);
  };
  connectionChanged.subscribe(listen);
  fixture.later(() => {
    connectionChanged.unsubscribe(listen);
  });
  const limits = { handshakeTimeoutMs: 100, maxConnections: 1 };
  const { listener } = await fixture.serve(ok, { tls: identity('a.test'), limits });
  const silent = connectTcp(listener.port, '127.0.0.1');
  await once(silent, 'connect');
  const second = connectTcp(listener.port, '127.0.0.1');
  await Promise.all([once(second.resume(), 'close'), once(silent.resume(), 'close')]);
  expect(told.map(({ reason }) => reason)).toEqual(['too many connections', 'ERR_TLS_HANDSHAKE_TIMEOUT']);
  expect(await get(await secure(listener))).toMatch(/^HTTP\/1\.1 200/);
});
