import { RawClient, readAnswers, selfSigned } from '#testing';
import type { Cluster } from '#traffic';
import { echoPath, head, last, sized, WireGateway } from './gateway.ts';

const wire = WireGateway.use();
const old = selfSigned('DNS:localhost', 'IP:127.0.0.1');
const next = selfSigned('DNS:localhost', 'IP:127.0.0.1');

it('answers over TLS, pipelined and cut, and renews its certificate under open connections', async () => {
  wire.apply([(await wire.origin(echoPath)).port]);
  const listener = await wire.plane.listen({ address: '127.0.0.1', port: 0, tls: old });
  const client = await RawClient.connectTls(listener.port, { ca: old.cert, servername: 'localhost' });
  client.send(head('GET', '/1') + head('GET', '/2'));
  await client.until('/2');
  listener.renew(next);
  const late = await RawClient.connectTls(listener.port, { ca: next.cert, servername: 'localhost' });
  expect(readAnswers(await late.send(last('GET', '/4')).end())).toMatchObject([{ status: 200, body: '/4' }]);
  const answers = readAnswers(await client.send(last('GET', '/3')).end());
  expect(answers.map(({ body }) => body)).toEqual(['/1', '/2', '/3']);
  await expect(RawClient.connectTls(listener.port, { ca: old.cert, servername: 'localhost' })).rejects.toThrow();
  expect(wire.records.map(({ outcome }) => outcome)).toEqual(['success', 'success', 'success', 'success']);
});

it('tells services that the client came over https', async () => {
  const origin = await wire.origin(echoPath);
  const port = await wire.serve([origin.port], { tls: old });
  const client = await RawClient.connectTls(port, { ca: old.cert, servername: 'localhost' });
  await client.send(last('GET', '/')).end();
  expect(origin.connections[0]).toContain('\r\nX-Forwarded-Proto: https\r\n');
});

it.each<[string, NonNullable<Cluster['tls']>, number, string]>([
  ['whose authority is trusted', { verify: true, caPem: old.cert }, 200, 'success'],
  ['whose authority nobody knows', { verify: true }, 502, 'upstream-connect-failed'],
  ['of another name', { verify: true, caPem: old.cert, serverName: 'other.test' }, 502, 'upstream-connect-failed'],
  ['that nobody verifies', { verify: false }, 200, 'success'],
])('to a service over TLS %s', async (_, tls, status, outcome) => {
  const origin = await wire.origin(echoPath, { tls: old });
  const port = await wire.serve([origin.port], { cluster: { tls } });
  const answers = await wire.answers(port, head('GET', '/1') + last('GET', '/2'));
  expect(answers.map((answer) => answer.status)).toEqual([status, status]);
  expect(wire.outcomes()).toEqual([outcome, outcome]);
  // Not a byte of a request reaches a service that is not the one that was meant.
  if (status === 200) expect(origin.connections).toHaveLength(1);
  else expect(origin.connections.join('')).toBe('');
});

it('carries large bodies both ways over TLS on both sides', async () => {
  const big = 'x'.repeat(3_000_000);
  const origin = await wire.origin(
    (received, socket) => void (received.endsWith('!') && socket.write(sized(`${big}!`))),
    { tls: old },
  );
  const port = await wire.serve([origin.port], { tls: next, cluster: { tls: { verify: true, caPem: old.cert } } });
  const client = await RawClient.connectTls(port, { ca: next.cert, servername: 'localhost' });
  client.send(`${last('POST', '/', `Content-Length: ${big.length + 1}\r\n`)}${big}!`);
  const [answer] = readAnswers(await client.end());
  expect(answer?.body.length).toBe(big.length + 1);
  expect(wire.records).toMatchObject([{ requestBytes: big.length + 1, responseBytes: big.length + 1 }]);
});

it.each([true, false])('delivers what came of an answer before it breaks off (TLS: %s)', async (secure) => {
  const piece = 'x'.repeat(100_000);
  const origin = await wire.origin((received, socket) => {
    if (!received.includes('/endless')) return echoPath(received, socket);
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n');
    const more = (): void => void socket.write(piece, () => !socket.destroyed && more());
    return more();
  });
  const port = await wire.serve([origin.port], {
    route: { timeouts: { idleMs: 200 } },
    ...(secure && { tls: old }),
  });
  const client = secure
    ? await RawClient.connectTls(port, { ca: old.cert, servername: 'localhost' })
    : await wire.client(port);
  // The client reads nothing: all buffers fill, the gateway's own as well, and there the answer stands still.
  client.socket.pause();
  client.send(head('GET', '/1') + head('GET', '/endless') + head('GET', '/2'));
  const [, broken] = await wire.recorded(2);
  expect(broken).toMatchObject({ outcome: 'upstream-timeout' });
  client.socket.resume();
  const answers = readAnswers(await client.end());
  expect(answers.map(({ body, complete }) => [body.length, complete])).toEqual([
    [2, true],
    [broken?.responseBytes, false],
  ]);
});
