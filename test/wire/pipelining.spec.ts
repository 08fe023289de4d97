import { echoPath, head, last, WireGateway } from './gateway.ts';

const wire = WireGateway.use();

describe('requests on one connection', () => {
  it('answers every request of eight pipelining clients with its own id and accounts for each', async () => {
    const port = await wire.serve([(await wire.origin(echoPath)).port]);
    const talks = Array.from({ length: 8 }, async (_, client) => {
      const ids = Array.from({ length: 50 }, (_request, index) => `/${client}-${index}!`);
      const requests = ids.map((id, at) => (at === 49 ? last('GET', id) : head('GET', id)));
      const answers = await wire.answers(port, requests.join(''));
      expect(answers.map(({ body }) => body)).toEqual(ids);
    });
    await Promise.all(talks);
    expect(wire.outcomes()).toEqual(Array.from({ length: 400 }, () => 'success'));
  });

  it('ignores one empty line before a request line, however it is cut', async () => {
    const port = await wire.serve([(await wire.origin(echoPath)).port]);
    for (const cut of [0, 1, 2, 3]) {
      const client = await wire.client(port);
      const bytes = `\r\n${last('GET', '/second')}`;
      client.send(head('GET', '/first'));
      await client.until('/first');
      client.send(bytes.slice(0, cut));
      await new Promise(setImmediate);
      expect(await client.send(bytes.slice(cut)).end()).toMatch(/\/second$/);
    }
  });

  it.each(['\n', '\r', '\r\n\r\n', '\r\r\n'])('refuses %j before a request line', async (bytes) => {
    const origin = await wire.origin(echoPath);
    const answers = await wire.answers(await wire.serve([origin.port]), `${bytes}${last('GET', '/')}`);
    expect(answers.map(({ status }) => status)).toEqual([400]);
    expect(origin.connections).toEqual([]);
  });

  it('does not take an empty line behind a request for the beginning of another', async () => {
    const port = await wire.serve([(await wire.origin(echoPath)).port], {
      limits: { headerTimeoutMs: 1, keepAliveTimeoutMs: 300 },
    });
    const answers = await wire.answers(port, `${head('GET', '/')}\r\n`);
    expect(answers.map(({ status }) => status)).toEqual([200]);
    expect(wire.outcomes()).toEqual(['success']);
  });

  it('answers all requests of a client that has half-closed, and says in the last that it closes', async () => {
    const port = await wire.serve([(await wire.origin(echoPath)).port]);
    const client = await wire.client(port);
    client.send(head('GET', '/1') + head('GET', '/2') + head('GET', '/3'));
    client.socket.end();
    expect((await client.end()).match(/\/[123]$|\/[123](?=HTTP)/g)).toEqual(['/1', '/2', '/3']);
    expect(wire.outcomes()).toEqual(['success', 'success', 'success']);
  });

  it('reads no more requests while its own answers are not read', async () => {
    const port = await wire.serve([], {
      route: { action: { kind: 'respond', status: 200, body: 'x'.repeat(10_000) } },
    });
    const client = await wire.client(port);
    client.socket.pause();
    client.send(head('GET', '/').repeat(20_000));
    await wire.recorded(1);
    let before = -1;
    while (before !== wire.records.length) {
      before = wire.records.length;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(before).toBeLessThan(10_000);
    client.socket.resume();
    await wire.recorded(20_000);
  });
});

describe('what counts as a request', () => {
  it.each([
    ['a bad request', 'GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n', 400, 'client-bad-request', 'bad-header-name'],
    ['no HTTP at all', '\x16\x03\x01\x02\r\n\r\n', 400, 'client-bad-request', 'bad-request-line'],
    [
      'a head that is too large',
      head('GET', '/', `X: ${'x'.repeat(17_000)}\r\n`),
      431,
      'client-too-large',
      'headers-too-large',
    ],
    ['a long target', head('GET', `/${'x'.repeat(9_000)}`), 414, 'client-bad-request', 'target-too-long'],
    ['a head that does not end', 'GET /slow HTTP/1.1\r\nHost: a\r\n', 408, 'client-timeout', 'client-timeout'],
    ['a bare line feed', 'GET / HTTP/1.1\nHost: a\n\n', 400, 'client-bad-request', 'bare-line-feed'],
  ])('records %s', async (_, bytes, status, outcome, errorCode) => {
    const port = await wire.serve([], { limits: { headerTimeoutMs: 100 } });
    expect((await wire.answers(port, bytes)).map((answer) => answer.status)).toEqual([status]);
    expect(wire.records).toMatchObject([{ status, outcome, errorCode, peerAddress: '127.0.0.1', route: undefined }]);
  });

  it('tells method and target of a refused request as far as they can be read', async () => {
    const port = await wire.serve([]);
    await wire.talk(port, 'POST /orders?x=1 HTTP/1.1\r\nHost: shop\r\nUser-Agent: t\r\nX : 1\r\n\r\n');
    await wire.talk(port, '\x16\x03\x01\x02\r\n\r\n');
    expect(wire.records).toMatchObject([
      { method: 'POST', target: '/orders?x=1', protocol: 'HTTP/1.1' },
      { method: '-', target: '-' },
    ]);
  });

  it('records the version that the client spoke', async () => {
    const port = await wire.serve([(await wire.origin(echoPath)).port]);
    await wire.talk(port, 'GET / HTTP/1.0\r\n\r\n');
    await wire.talk(port, last('GET', '/'));
    expect(wire.records.map(({ protocol }) => protocol)).toEqual(['HTTP/1.0', 'HTTP/1.1']);
  });

  it('records a client that leaves in the middle of a head, not one that leaves between requests', async () => {
    const port = await wire.serve([(await wire.origin(echoPath)).port]);
    const idle = await wire.client(port);
    idle.send(head('GET', '/'));
    await idle.until('200 OK');
    idle.socket.destroy();
    const torn = await wire.client(port);
    torn.send('GET /torn HTT');
    await new Promise(setImmediate);
    torn.socket.destroy();
    await wire.recorded(2);
    expect(wire.records).toMatchObject([
      { target: '/', outcome: 'success' },
      { target: '/torn', outcome: 'client-aborted', status: 0 },
    ]);
  });
});
