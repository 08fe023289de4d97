import { refusedPort } from '#testing';
import { echoPath, head, last, WireGateway } from './gateway.ts';

const wire = WireGateway.use();

it.each(['GET', 'POST'])('sends a %s to the other instance when one refuses the connection', async (method) => {
  const good = await wire.origin(echoPath);
  const port = await wire.serve([await refusedPort(), good.port]);
  for (const path of ['/1', '/2']) {
    expect(await wire.answers(port, last(method, path))).toMatchObject([{ status: 200, body: path }]);
  }
  expect(wire.outcomes()).toEqual(['success', 'success']);
});

it('sends a body again to the other instance, as long as no service saw a byte of it', async () => {
  const good = await wire.origin((received, socket) => {
    if (received.endsWith('0123456789')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody');
  });
  const port = await wire.serve([await refusedPort(), good.port]);
  const request = `${head('POST', '/', 'Content-Length: 10\r\nConnection: close\r\n')}0123456789`;
  for (const _ of [1, 2]) expect(await wire.answers(port, request)).toMatchObject([{ status: 200, body: 'body' }]);
  expect(wire.records.map(({ attempts }) => attempts.length)).toContain(2);
});

it.each([
  ['GET', 200],
  ['POST', 502],
])('answers a %s on a reused connection that the service cuts with %i', async (method, status) => {
  const origin = await wire.origin((received, socket) => {
    if (received.includes('/first') && received.includes('/second')) socket.resetAndDestroy();
    else echoPath(received, socket);
  });
  const port = await wire.serve([origin.port]);
  await wire.talk(port, last('GET', '/first'));
  expect(await wire.answers(port, last(method, '/second'))).toMatchObject([{ status }]);
  expect(wire.records).toHaveLength(2);
});

it('answers 502 when no instance accepts and 504 when none answers in time', async () => {
  const refused = await wire.serve([await refusedPort()]);
  expect(await wire.talk(refused, last('GET', '/'))).toMatch(/^HTTP\/1\.1 502 /);
  const silent = await wire.serve([(await wire.origin(() => undefined)).port], {
    route: { timeouts: { responseMs: 20 } },
  });
  expect(await wire.talk(silent, last('GET', '/'))).toMatch(/^HTTP\/1\.1 504 /);
  expect(wire.outcomes()).toEqual(['upstream-connect-failed', 'upstream-timeout']);
});

it.each([
  ['a length above the limit', head('POST', '/', 'Content-Length: 101\r\n'), 413],
  ['chunks above the limit', `${head('POST', '/', 'Transfer-Encoding: chunked\r\n')}65\r\n${'x'.repeat(101)}\r\n`, 413],
])('refuses %s', async (_, bytes, status) => {
  const port = await wire.serve([(await wire.origin(() => undefined)).port], {
    limits: { maxBodyBytes: 100, headerTimeoutMs: 100 },
  });
  expect(await wire.answers(port, bytes)).toMatchObject([{ status }]);
  expect(wire.outcomes()).toEqual(['client-too-large']);
});
