import { readAnswers } from '#testing';
import { echoPath, head, last, sized, WireGateway } from './gateway.ts';

const wire = WireGateway.use();

/** A gateway before a service that answers everything with these bytes, the connection kept or ended. */
async function answering(bytes: string, ends = false) {
  const origin = await wire.origin((received, socket) => {
    if (!received.includes('\r\n\r\n')) return;
    socket.write(bytes, 'latin1');
    if (ends) socket.end();
  });
  return { origin, port: await wire.serve([origin.port]) };
}

describe('answers without a body', () => {
  it.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', 'Content-Length: 5\r\n'],
    ['HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 'HTTP/1.1 200 OK\r\n'],
    [
      'GET',
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: "a"\r\n\r\n',
      'Content-Length: 5\r\nETag: "a"\r\n',
    ],
    ['GET', 'HTTP/1.1 204 No Content\r\nX: 1\r\n\r\n', 'X: 1\r\n'],
    ['DELETE', 'HTTP/1.1 204 No Content\r\n\r\n', 'HTTP/1.1 204 No Content\r\n'],
  ])('passes the head of an answer to %s on, keeps both connections', async (method, bytes, lines) => {
    const { origin, port } = await answering(bytes);
    const text = await wire.talk(port, head(method, '/1') + last(method, '/2'));
    const answers = readAnswers(text, [method, method], true);
    expect(answers).toHaveLength(2);
    for (const answer of answers) expect(answer.head).toContain(lines);
    expect(text.endsWith('\r\n\r\n')).toBe(true);
    expect(origin.connections).toHaveLength(1);
  });

  it('sends no body and its true length for an answer of its own to HEAD', async () => {
    const port = await wire.serve([], { route: { match: { methods: ['POST'] } } });
    const text = await wire.talk(port, last('HEAD', '/'));
    expect(text).toMatch(/^HTTP\/1\.1 404 Not Found\r\n[^]*Content-Length: [1-9]\d*\r\n[^]*\r\n\r\n$/);
    expect(wire.records).toMatchObject([{ outcome: 'no-route', status: 404, responseBytes: 0 }]);
  });
});

describe('interim answers', () => {
  it('passes 103 and 100 on to HTTP/1.1 clients, in order, hop-by-hop lines taken out', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nConnection: X-Hop\r\nX-Hop: 1\r\n\r\n';
    const { port } = await answering(`${hints}${hints}${sized('ok')}`);
    const answers = await wire.answers(port, last('GET', '/'));
    expect(answers.map(({ status }) => status)).toEqual([103, 103, 200]);
    expect(answers[0]?.head).toBe('HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n');
  });

  it('keeps them from HTTP/1.0 clients', async () => {
    const { port } = await answering(`HTTP/1.1 103 Early Hints\r\n\r\n${sized('ok')}`);
    expect(await wire.talk(port, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*ok$/);
  });

  it('hands "100 Continue" of the service to the client, which then sends its body', async () => {
    const origin = await wire.origin((received, socket) => {
      if (received.endsWith('\r\n\r\n')) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      if (received.endsWith('hello')) socket.write(sized('thanks'));
    });
    const client = await wire.client(await wire.serve([origin.port]));
    client.send(last('POST', '/', 'Expect: 100-continue\r\nContent-Length: 5\r\n'));
    await client.until('HTTP/1.1 100 Continue\r\n\r\n');
    expect(await client.send('hello').end()).toMatch(/thanks$/);
    expect(origin.connections[0]).toContain('Expect: 100-continue\r\n');
  });

  it('hands a final answer instead of 100 to the client and does not wait for the body', async () => {
    const origin = await wire.origin((received, socket) => {
      if (received.endsWith('\r\n\r\n')) socket.write(sized('too large', '', '413 Content Too Large'));
    });
    const port = await wire.serve([origin.port], { limits: { headerTimeoutMs: 100 } });
    const client = await wire.client(port);
    client.send(head('POST', '/', 'Expect: 100-continue\r\nContent-Length: 5\r\n'));
    await client.until('too large');
    // A client may drop the body; the next request must not be read as its rest, so the connection ends.
    await client.end();
    await wire.recorded(1);
    expect(wire.records).toMatchObject([{ status: 413 }]);
    await origin.until(({ closed }) => closed === 1);
  });

  it('takes the body of a client that does not wait for 100', async () => {
    const origin = await wire.origin((received, socket) => {
      if (received.endsWith('hello')) socket.write(`HTTP/1.1 100 Continue\r\n\r\n${sized('thanks')}`);
    });
    const port = await wire.serve([origin.port]);
    const bytes = last('POST', '/', 'Expect: 100-continue\r\nContent-Length: 5\r\n') + 'hello';
    expect((await wire.answers(port, bytes)).map(({ status }) => status)).toEqual([100, 200]);
  });
});

describe('HTTP/1.0', () => {
  it('is answered until the connection closes, without chunks, unless it asks for keep-alive', async () => {
    const { port } = await answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n');
    const text = await wire.talk(port, 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\nConnection: close\r\n\r\nok$/);
  });

  it('keeps the connection when it asks for it and the length is known', async () => {
    const { origin, port } = await answering(sized('ok'));
    const request = 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n';
    const answers = await wire.answers(port, `${request}${request}GET / HTTP/1.0\r\n\r\n`);
    expect(answers.map(({ headers }) => headers['connection'])).toEqual(['keep-alive', 'keep-alive', 'close']);
    expect(origin.connections).toHaveLength(1);
    expect(origin.connections[0]).not.toContain('HTTP/1.0');
  });

  it.each([
    ['without a length', 'HTTP/1.0 200 OK\r\n\r\nall of it', true, 2],
    ['with a length', 'HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nall of it', false, 2],
    ['that keeps alive', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 9\r\n\r\nall of it', false, 1],
  ])('of a service %s is passed on', async (_, bytes, ends, connections) => {
    const { origin, port } = await answering(bytes, ends);
    const answers = await wire.answers(port, head('GET', '/1') + last('GET', '/2'));
    expect(answers).toMatchObject([
      { status: 200, body: 'all of it', complete: true },
      { status: 200, body: 'all of it', complete: true },
    ]);
    expect(origin.connections).toHaveLength(connections);
  });
});

describe('lines for one hop only', () => {
  it('go no further than the gateway, in either direction', async () => {
    const hops =
      'Keep-Alive: timeout=5\r\nProxy-Connection: x\r\nTE: trailers\r\nConnection: X-Mine, keep-alive\r\nX-Mine: 1\r\n';
    const { origin, port } = await answering(sized('ok', `${hops}Upgrade: h2c\r\nX-Kept: 2\r\n`));
    const [answer] = await wire.answers(
      port,
      head('GET', '/', `X-Kept: 2\r\n${hops}Proxy-Authorization: x\r\n`) + last('GET', '/'),
    );
    for (const text of [answer?.head ?? '', origin.connections[0]?.split('\r\n\r\n')[0] ?? '']) {
      expect(text).toContain('X-Kept: 2');
      expect(text).not.toMatch(/keep-alive|proxy-|\bTE:|x-mine|upgrade/i);
    }
  });

  it.each(['Host', 'Content-Length', 'Transfer-Encoding', 'X-Forwarded-For'])(
    'never include %s, whatever Connection names',
    async (name) => {
      const origin = await wire.origin((received, socket) => {
        if (received.endsWith('hello')) socket.write(sized('ok'));
      });
      const port = await wire.serve([origin.port]);
      await wire.talk(port, last('POST', '/', `Connection: ${name}\r\nContent-Length: 5\r\n`) + 'hello');
      expect(origin.connections[0]).toMatch(/\r\nHost: [^]*Content-Length: 5\r\n[^]*X-Forwarded-For: /);
    },
  );
});

describe('chunked bodies', () => {
  it('keep trailers and lose extensions, in both directions', async () => {
    const chunked = '3;a=b\r\nfoo\r\n4;c\r\nbarz\r\n0;last\r\nX-Sum: 7\r\nX-Other: 1\r\n\r\n';
    const origin = await wire.origin((received, socket) => {
      if (received.includes('X-Other'))
        socket.write(`HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`);
    });
    const port = await wire.serve([origin.port]);
    const answers = await wire.answers(port, last('POST', '/', 'Transfer-Encoding: chunked\r\n') + chunked);
    expect(answers).toMatchObject([{ body: 'foobarz', trailers: 'X-Sum: 7\r\nX-Other: 1\r\n', complete: true }]);
    expect(origin.connections[0]).toMatch(/0\r\nX-Sum: 7\r\nX-Other: 1\r\n\r\n$/);
    expect(origin.connections[0]).not.toContain(';');
  });

  it('forward one byte at a time as they come', async () => {
    const origin = await wire.origin((received, socket) => {
      if (received.endsWith('0\r\n\r\n')) socket.write(sized('ok'));
    });
    const client = await wire.client(await wire.serve([origin.port]));
    const bytes = last('POST', '/', 'Transfer-Encoding: chunked\r\n') + '5\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n';
    for (const byte of bytes) {
      client.send(byte);
      await new Promise(setImmediate);
    }
    expect(await client.end()).toMatch(/ok$/);
    const body = (origin.connections[0] ?? '').split('\r\n\r\n').slice(1).join('\r\n\r\n');
    expect(body.replaceAll(/[\da-f]+\r\n([^]*?)\r\n/g, '$1').replace(/\r\n$/, '')).toBe('helloabc');
  });

  it.each([
    ['a bad size', '5\r\nhello\r\nxx\r\n'],
    ['no CRLF behind a chunk', '5\r\nhelloXX'],
    ['a framing line in the trailers', '5\r\nhello\r\n0\r\nContent-Length: 3\r\n\r\n'],
  ])('with %s break the answer off, visibly, and cost the connection', async (_, chunks) => {
    const { origin, port } = await answering(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`);
    const answers = await wire.answers(port, head('GET', '/'));
    expect(answers.filter(({ complete }) => complete)).toEqual([]);
    expect(wire.records).toMatchObject([{ outcome: 'upstream-bad-response', status: 200 }]);
    await origin.until(({ closed }) => closed === 1);
  });

  it('that stop short are cut for the client too', async () => {
    const { port } = await answering('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello', true);
    expect((await wire.answers(port, head('GET', '/'))).filter(({ complete }) => complete)).toEqual([]);
    expect(wire.outcomes()).toEqual(['upstream-reset']);
  });

  it.each(['zz\r\n', '5\r\nhelloXX', '5\nhello'])('of a client that are malformed (%j) are refused', async (chunks) => {
    const origin = await wire.origin(() => undefined);
    const port = await wire.serve([origin.port]);
    const text = await wire.talk(
      port,
      head('POST', '/', 'Transfer-Encoding: chunked\r\n') + chunks + head('GET', '/smuggled'),
    );
    expect(readAnswers(text)).toMatchObject([{ status: 400 }]);
    expect(wire.outcomes()).toEqual(['client-bad-request']);
    expect(origin.connections.join('')).not.toContain('smuggled');
  });
});

it('passes reason phrase, odd statuses and obs-text on as they came', async () => {
  const { port } = await answering('HTTP/1.1 299 Sch\xf6n so\r\nContent-Length: 0\r\nX: \xe9\r\n\r\n');
  expect(await wire.talk(port, last('GET', '/'))).toMatch(/^HTTP\/1\.1 299 Sch\xf6n so\r\n[^]*X: \xe9\r\n/);
});

it('reads requests and answers however they are cut', async () => {
  const answer = sized('body', 'X: 1\r\n');
  const origin = await wire.origin((received, socket) => {
    if (!received.endsWith('hello')) return;
    void (async () => {
      for (const byte of answer) {
        socket.write(byte);
        await new Promise(setImmediate);
      }
    })();
  });
  const client = await wire.client(await wire.serve([origin.port]));
  for (const byte of `${last('POST', '/', 'Content-Length: 5\r\n')}hello`) {
    client.send(byte);
    await new Promise(setImmediate);
  }
  expect(readAnswers(await client.end())).toMatchObject([{ status: 200, body: 'body', complete: true }]);
});

it('sends the rest of a body that is answered early, and uses neither connection wrongly', async () => {
  const origin = await wire.origin((received, socket) => {
    if (received.endsWith('\r\n\r\n') && received.includes('POST')) socket.write(sized('early'));
    else if (received.includes('/next')) echoPath(received, socket);
  });
  const client = await wire.client(await wire.serve([origin.port]));
  client.send(head('POST', '/', 'Content-Length: 10\r\n'));
  await client.until('early');
  client.send('0123456789').send(last('GET', '/next'));
  const answers = readAnswers(await client.end());
  expect(answers.map(({ body }) => body)).toEqual(['early', '/next']);
  expect(origin.connections.filter((text) => text.includes('/next')).join('')).not.toContain('0123');
});
