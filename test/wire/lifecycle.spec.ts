import { readAnswers } from '#testing';
import { cluster, endpoint, FORWARDING_DEFAULTS, route, trafficConfig } from '#traffic';
import { echoPath, head, last, sized, WireGateway } from './gateway.ts';

const wire = WireGateway.use();
const silent = () => undefined;

describe('timeouts', () => {
  it('closes a connection on which nothing comes, without a word and without a record', async () => {
    const port = await wire.serve([], { limits: { headerTimeoutMs: 50 } });
    expect(await (await wire.client(port)).end()).toBe('');
    expect(wire.records).toEqual([]);
  });

  it('closes a connection between requests, without a word', async () => {
    const port = await wire.serve([(await wire.origin(echoPath)).port], { limits: { keepAliveTimeoutMs: 50 } });
    const client = (await wire.client(port)).send(head('GET', '/1'));
    expect(readAnswers(await client.end())).toMatchObject([{ status: 200, body: '/1' }]);
    expect(wire.outcomes()).toEqual(['success']);
  });

  it('answers 408 for a head that trickles in, however busy it is', async () => {
    const port = await wire.serve([], { limits: { headerTimeoutMs: 100 } });
    const client = await wire.client(port);
    client.send('GET / HTTP/1.1\r\n');
    const trickle = setInterval(() => client.send('X: 1\r\n'), 20);
    const text = await client.end();
    clearInterval(trickle);
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(wire.outcomes()).toEqual(['client-timeout']);
  });

  it.each(['', 'Content-Length: 10\r\n'])('answers 504 when the whole exchange takes too long (%j)', async (more) => {
    const origin = await wire.origin(silent);
    const port = await wire.serve([origin.port], {
      route: { timeouts: { totalMs: 50 } },
      limits: { headerTimeoutMs: 100 },
    });
    expect(await wire.answers(port, last('POST', '/', more))).toMatchObject([{ status: 504 }]);
    expect(wire.outcomes()).toEqual(['upstream-timeout']);
    await origin.until(({ closed }) => closed === 1);
  });

  it('cuts an answer whose body stands still', async () => {
    const origin = await wire.origin((_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello');
    });
    const port = await wire.serve([origin.port], { route: { timeouts: { idleMs: 50 } } });
    expect(await wire.answers(port, last('GET', '/'))).toMatchObject([{ status: 200, body: 'hello', complete: false }]);
    expect(wire.outcomes()).toEqual(['upstream-timeout']);
    await origin.until(({ closed }) => closed === 1);
  });

  it('takes both times from the listener where the route has none', async () => {
    const origin = await wire.origin((received, socket) => {
      if (received.includes('/begun')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello');
    });
    const port = await wire.serve([origin.port], { limits: { requestTimeoutMs: 300, idleTimeoutMs: 50 } });
    const started = performance.now();
    expect(await wire.answers(port, last('GET', '/begun'))).toMatchObject([{ status: 200, complete: false }]);
    expect(performance.now() - started).toBeLessThan(300);
    expect(await wire.answers(port, last('GET', '/silent'))).toMatchObject([{ status: 504 }]);
    expect(wire.outcomes()).toEqual(['upstream-timeout', 'upstream-timeout']);
  });

  it('answers 408 for a request body that stands still', async () => {
    const origin = await wire.origin(silent);
    const port = await wire.serve([origin.port], {
      route: { timeouts: { idleMs: 50 } },
      limits: { headerTimeoutMs: 100 },
    });
    const bytes = last('POST', '/', 'Content-Length: 10\r\n') + 'hello';
    expect(await wire.answers(port, bytes)).toMatchObject([{ status: 408 }]);
    expect(wire.outcomes()).toEqual(['client-timeout']);
    await origin.until(({ closed }) => closed === 1);
  });
});

it('gives up a service that accepts the connection and never shakes hands', async () => {
  const origin = await wire.origin(silent);
  const port = await wire.serve([origin.port], { cluster: { connectTimeoutMs: 50, tls: { verify: false } } });
  expect(await wire.answers(port, last('POST', '/', 'Content-Length: 0\r\n'))).toMatchObject([{ status: 502 }]);
  expect(wire.outcomes()).toEqual(['upstream-connect-failed']);
  await origin.until(({ closed }) => closed === 1);
});

it('leaves a slow client the time to take the last answer of its connection', async () => {
  const body = 'x'.repeat(20_000_000);
  const port = await wire.serve([], { route: { action: { kind: 'respond', status: 200, body } } });
  const client = (await wire.client(port)).send(last('GET', '/'));
  client.socket.pause();
  await wire.recorded(1);
  // Longer than a connection lingers whose answer is with the client.
  await new Promise((resolve) => setTimeout(resolve, 2_300));
  client.socket.resume();
  expect(readAnswers(await client.end())).toMatchObject([{ complete: true }]);
});

describe('limits of a listener', () => {
  it('closes a connection beyond the limit at once', async () => {
    const port = await wire.serve([(await wire.origin(echoPath)).port], { limits: { maxConnections: 1 } });
    const first = (await wire.client(port)).send(head('GET', '/1'));
    await first.until('/1');
    expect(await (await wire.client(port)).end()).toBe('');
    expect(wire.connections).toContainEqual(expect.objectContaining({ side: 'downstream', event: 'refused' }));
    first.socket.end();
    await first.end();
    await wire.until(() => wire.connections.some(({ side, event }) => side === 'downstream' && event === 'closed'));
    expect(await wire.answers(port, last('GET', '/2'))).toMatchObject([{ status: 200 }]);
  });

  it('ends a connection after so many requests, and says so', async () => {
    const port = await wire.serve([(await wire.origin(echoPath)).port], { limits: { maxRequestsPerConnection: 2 } });
    const answers = await wire.answers(port, head('GET', '/1') + head('GET', '/2') + head('GET', '/3'));
    expect(answers.map(({ headers }) => headers['connection'])).toEqual([undefined, 'close']);
  });

  it.each([
    ['target', head('GET', `/${'x'.repeat(15)}`), 200, head('GET', `/${'x'.repeat(16)}`), 414],
    ['number of lines', head('GET', '/', 'X: 1\r\n'.repeat(3)), 200, head('GET', '/', 'X: 1\r\n'.repeat(4)), 431],
    ['head', head('GET', '/', `X: ${'x'.repeat(60)}\r\n`), 200, head('GET', '/', `X: ${'x'.repeat(160)}\r\n`), 431],
  ])('holds the %s to its limit exactly', async (_, fits, good, tooMuch, bad) => {
    const port = await wire.serve([(await wire.origin(echoPath)).port], {
      limits: { maxTargetBytes: 16, maxHeaderCount: 4, maxHeaderBytes: 128 },
    });
    const answers = await wire.answers(port, fits + tooMuch);
    expect(answers.map(({ status }) => status)).toEqual([good, bad]);
  });
});

describe('a client that leaves', () => {
  it('in the middle of its body takes the request to the service along', async () => {
    const origin = await wire.origin(silent);
    const client = await wire.client(await wire.serve([origin.port]));
    client.send(head('POST', '/', 'Content-Length: 10\r\n') + 'hello');
    await origin.until(({ connections }) => connections[0]?.endsWith('hello') === true);
    client.socket.destroy();
    await origin.until(({ closed }) => closed === 1);
    expect(await wire.recorded(1)).toMatchObject([{ outcome: 'client-aborted', status: 0, requestBytes: 5 }]);
  });

  it.each(['FIN', 'RST'])('in the middle of the answer with %s ends the connection to the service', async (how) => {
    const origin = await wire.origin((_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const more = setInterval(() => socket.write('1\r\nx\r\n'), 5);
      socket.on('close', () => clearInterval(more));
    });
    const client = await wire.client(await wire.serve([origin.port]));
    client.send(head('GET', '/'));
    await client.until('x');
    if (how === 'FIN') client.socket.destroy();
    else client.socket.resetAndDestroy();
    await origin.until(({ closed }) => closed === 1);
    expect(await wire.recorded(1)).toMatchObject([{ outcome: 'client-aborted', status: 200 }]);
  });

  it('while the service is asked is no failure of the service', async () => {
    const origin = await wire.origin(silent);
    const client = await wire.client(await wire.serve([origin.port]));
    client.send(head('GET', '/'));
    await origin.until(({ connections }) => connections[0] !== '' && connections.length === 1);
    client.socket.resetAndDestroy();
    await origin.until(({ closed }) => closed === 1);
    expect(await wire.recorded(1)).toMatchObject([{ outcome: 'client-aborted', attempts: [{ failure: undefined }] }]);
  });
});

it('reads from the service only as fast as the client reads', async () => {
  let sent = 0;
  const piece = Buffer.alloc(1_000_000, 'x');
  const origin = await wire.origin((_, socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${100 * piece.length}\r\n\r\n`);
    const more = (): void => {
      while (sent < 100) {
        sent += 1;
        if (!socket.write(piece)) return void socket.once('drain', more);
      }
    };
    more();
  });
  const client = await wire.client(await wire.serve([origin.port]));
  client.socket.pause();
  client.send(last('GET', '/'));
  let before = -1;
  while (before !== sent) {
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(sent).toBeLessThan(40);
  client.socket.removeAllListeners('data');
  let received = 0;
  client.socket.on('data', (bytes: Buffer) => (received += bytes.length));
  client.socket.resume();
  await client.end();
  expect(received).toBeGreaterThan(100 * piece.length);
  expect(wire.records).toMatchObject([{ outcome: 'success', responseBytes: 100 * piece.length }]);
});

describe('drain', () => {
  it('ends idle connections, lets requests under way finish and refuses new connections', async () => {
    let release = silent as () => void;
    const origin = await wire.origin((received, socket) => {
      if (received.includes('/slow')) release = () => void socket.write(sized('done'));
      else echoPath(received, socket);
    });
    const port = await wire.serve([origin.port]);
    const idle = (await wire.client(port)).send(head('GET', '/1'));
    await idle.until('/1');
    const busy = (await wire.client(port)).send(head('GET', '/slow'));
    await origin.until(() => release !== silent);
    const drained = wire.plane.drain(2_000);
    await idle.end();
    await expect(wire.client(port)).rejects.toThrow('ECONNREFUSED');
    release();
    expect(readAnswers(await busy.end())).toMatchObject([{ body: 'done', headers: { connection: 'close' } }]);
    await drained;
    expect(wire.outcomes()).toEqual(['success', 'success']);
  });

  it('answers a client that has just been here once more, and says that it is the last time', async () => {
    const port = await wire.serve([(await wire.origin(echoPath)).port]);
    const client = (await wire.client(port)).send(head('GET', '/1'));
    await client.until('/1');
    await wire.until(() => wire.plane.inFlight === 0);
    const drained = wire.plane.drain(2_000);
    client.send(head('POST', '/2', 'Content-Length: 0\r\n') + head('GET', '/3'));
    expect(readAnswers(await client.end())).toMatchObject([
      { body: '/1' },
      { body: '/2', headers: { connection: 'close' } },
    ]);
    await drained;
  });

  it('ends a connection at once that was not used for a while', async () => {
    const port = await wire.serve([(await wire.origin(echoPath)).port]);
    const client = (await wire.client(port)).send(head('GET', '/1'));
    await client.until('/1');
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    const started = performance.now();
    await Promise.all([wire.plane.drain(2_000), client.end()]);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('cuts what is left when the time is over', async () => {
    const origin = await wire.origin(silent);
    const client = (await wire.client(await wire.serve([origin.port]))).send(head('GET', '/'));
    await origin.until(({ connections }) => connections.length === 1);
    await wire.plane.drain(30);
    expect(await client.end()).toBe('');
    expect((await wire.recorded(1)).map(({ outcome }) => outcome)).toEqual(['client-aborted']);
  });
});

describe('a new configuration under way', () => {
  it('serves later requests of the same connection, and lets those under way end as they began', async () => {
    let release = silent as () => void;
    const before = await wire.origin((_, socket) => (release = () => void socket.write(sized('before'))));
    const after = await wire.origin((_, socket) => void socket.write(sized('after')));
    const port = await wire.serve([before.port]);
    const client = (await wire.client(port)).send(head('GET', '/') + last('GET', '/'));
    await before.until(() => release !== silent);
    wire.apply([after.port]);
    release();
    expect(readAnswers(await client.end()).map(({ body }) => body)).toEqual(['before', 'after']);
    await before.until(({ closed }) => closed === 1);
  });

  it('keeps the connections of what did not change', async () => {
    const origin = await wire.origin(echoPath);
    const port = await wire.serve([origin.port]);
    await wire.talk(port, last('GET', '/1'));
    wire.apply([origin.port], { route: { id: 'renamed', action: { kind: 'forward', cluster: 'all' } } });
    await wire.talk(port, last('GET', '/2'));
    expect(origin.connections).toHaveLength(1);
  });
});

describe('instances of a discovered service', () => {
  it('that leave end what is under way; later requests go to those that came', async () => {
    let release = silent as () => void;
    const leaving = await wire.origin((_, socket) => (release = () => void socket.write(sized('old'))));
    const coming = await wire.origin((_, socket) => void socket.write(sized('new')));
    const instances = (port: number) => ({ cluster: 'all', endpoints: [endpoint({ host: '127.0.0.1', port })] });
    wire.plane.updateEndpoints(instances(leaving.port));
    const discovered = { kind: 'discovered', service: 'all' } as const;
    const port = await wire.serve([], { cluster: { endpoints: discovered } });
    const client = (await wire.client(port)).send(head('GET', '/1') + last('GET', '/2'));
    await leaving.until(() => release !== silent);
    wire.plane.updateEndpoints(instances(coming.port));
    release();
    expect(readAnswers(await client.end()).map(({ body }) => body)).toEqual(['old', 'new']);
    await leaving.until(({ closed }) => closed === 1);
    wire.plane.updateEndpoints({ cluster: 'all', endpoints: [] });
    expect(await wire.answers(port, last('GET', '/3'))).toMatchObject([{ status: 503 }]);
    expect(wire.outcomes()).toEqual(['success', 'success', 'no-instance']);
  });
});

describe('what the service is told about the client', () => {
  const CLAIMS =
    'X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Host: shop.example\r\nX-Forwarded-Proto: https\r\n' +
    'X-Forwarded-Port: 444\r\nX-Forwarded-Prefix: /shop\r\nForwarded: for=6.6.6.6\r\n';

  async function told(trustedProxies: readonly string[]): Promise<string[]> {
    const origin = await wire.origin(echoPath);
    const endpoints = [endpoint({ host: '127.0.0.1', port: origin.port })];
    wire.plane.apply(
      trafficConfig({
        routes: [route({ id: 'all' })],
        clusters: [cluster({ id: 'all', endpoints: { kind: 'static', endpoints } })],
        forwarding: { ...FORWARDING_DEFAULTS, trustedProxies, forwarded: true },
      }),
    );
    await wire.talk(await wire.listen(), last('GET', '/', CLAIMS));
    return (origin.connections[0] ?? '').split('\r\n').filter((line) => /forwarded/i.test(line));
  }

  it('is what the gateway saw itself when a stranger claims more', async () => {
    expect(await told([])).toEqual([
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-Host: a',
      'X-Forwarded-Port: 80',
      'X-Forwarded-Proto: http',
      'Forwarded: for=127.0.0.1;host="a";proto=http',
    ]);
    expect(wire.records).toMatchObject([{ clientAddress: '127.0.0.1' }]);
  });

  it('goes on from what a trusted proxy tells', async () => {
    expect(await told(['127.0.0.0/8'])).toEqual([
      'X-Forwarded-For: 6.6.6.6, 127.0.0.1',
      'X-Forwarded-Host: shop.example',
      'X-Forwarded-Port: 444',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Prefix: /shop',
      'Forwarded: for=6.6.6.6, for=127.0.0.1;host="a";proto=http',
    ]);
    expect(wire.records).toMatchObject([{ clientAddress: '6.6.6.6', peerAddress: '127.0.0.1' }]);
  });
});
