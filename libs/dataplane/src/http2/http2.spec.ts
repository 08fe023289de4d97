import { once } from 'node:events';
import { constants } from 'node:http2';
import { connect } from 'node:net';
import { trafficConfig } from '#traffic';
import {
  answering,
  answerOf,
  ask,
  block,
  END_HEADERS,
  END_STREAM,
  frame,
  FrameClient,
  FrameType,
  PlaneFixture,
  type OriginScript,
} from '#testing';

let fixture: PlaneFixture;

beforeEach(() => (fixture = new PlaneFixture()));
afterEach(() => fixture.close());

const ok = answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
/** The last pieces of a chunked body have come. */
const complete = (received: string) => /\r\n0\r\n(?:[^\r\n]+\r\n)*\r\n$/.test(received);

it('carries a request to an HTTP/1.1 service and its answer back', async () => {
  const { listener, origin } = await fixture.serve(
    answering(
      'HTTP/1.1 200 Fine\r\nContent-Length: 2\r\nX-A: 1\r\nSet-Cookie: a\r\nConnection: x-b\r\nX-B: 2\r\nset-cookie: b\r\n\r\nok',
    ),
  );
  const answer = await ask(fixture.http2(listener), {
    ':path': '/p%20a?q=%41',
    ':authority': 'shop.test:81',
    'x-one': '1',
    te: 'trailers',
    cookie: ['a=1', 'b=2'],
  });
  expect(answer).toMatchObject({ status: 200, body: 'ok', code: 0 });
  expect(answer.raw.join(' ')).toMatch(/^:status 200 content-length 2 x-a 1 set-cookie a set-cookie b date \S/);
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
  expect(fixture.records).toMatchObject([
    { protocol: 'HTTP/2', outcome: 'success', target: '/p%20a?q=%41', authority: 'shop.test:81', status: 200 },
  ]);
});

// nghttp2 takes data behind such a head for an error of the stream.
it.each([
  [204, 'Content-Length: 2\r\n\r\nok'],
  [204, 'Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: 1\r\n\r\n'],
  [304, 'Content-Length: 2\r\n\r\nok'],
])('drops the body of an answer that a filter makes %d (%j)', async (status, rest) => {
  const filters = [{ kind: 'set-status', status } as const];
  const { listener } = await fixture.serve(answering(`HTTP/1.1 200 OK\r\n${rest}`), {}, { filters });
  const answer = await ask(fixture.http2(listener), {});
  expect(answer).toMatchObject({ status, body: '', code: 0 });
  expect(answer.raw.includes('content-length')).toBe(status === 304);
  expect(await fixture.ended(1)).toMatchObject([{ status, responseBytes: 0 }]);
});

it('serves HTTP/1.0 and HTTP/1.1 on the same port, and tells which it was', async () => {
  const { listener } = await fixture.serve(ok);
  expect((await ask(fixture.http2(listener), {})).body).toBe('ok');
  for (const version of ['HTTP/1.0', 'HTTP/1.1']) {
    const socket = connect(listener.port, '127.0.0.1');
    socket.end(`GET / ${version}\r\nHost: a\r\nConnection: close\r\n\r\n`).resume();
    await once(socket, 'close');
  }
  expect(fixture.records.map(({ protocol }) => protocol)).toEqual(['HTTP/2', 'HTTP/1.0', 'HTTP/1.1']);
});

it('speaks no HTTP/2 where it is turned off', async () => {
  const { listener } = await fixture.serve(ok, { http2: false });
  const session = fixture.http2(listener);
  const [error]: unknown[] = await once(session, 'error').catch((failure: unknown) => [failure]);
  expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_HTTP2/) });
});

it('recognises the preface however it is cut into pieces', async () => {
  const { listener } = await fixture.serve(ok);
  const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1');
  const socket = connect(listener.port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  for (const byte of preface) await new Promise((resolve) => socket.write(Buffer.of(byte), resolve));
  const [answer]: unknown[] = await once(socket, 'data');
  // A SETTINGS frame.
  expect(Buffer.isBuffer(answer) && answer[3]).toBe(4);
  socket.destroy();
});

it('sends bodies and trailers both ways', async () => {
  const { listener, origin } = await fixture.serve((received, socket) => {
    if (!complete(received)) return;
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
    socket.write('0\r\nGrpc-Status: 0\r\nX-T: 1\r\nx-t: 2\r\n\r\n');
  });
  const stream = fixture.http2(listener).request({ ':method': 'POST' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '6' }));
  stream.end('body');
  const answer = await answerOf(stream);
  expect(answer).toMatchObject({ status: 200, body: 'abc', code: 0 });
  expect(answer.trailers).toMatchObject({ 'grpc-status': '0', 'x-t': '1, 2' });
  expect(origin.connections[0]).toMatch(/Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nx-sum: 6\r\n\r\n$/);
});

it('ends an answer without trailers, with a length or until the service closes', async () => {
  const answers = [
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc',
    'HTTP/1.1 200 OK\r\n\r\nabc',
  ];
  const { listener } = await fixture.serve((received, socket) => {
    const text = answers[Number(/.*GET \/(\d)/s.exec(received)?.[1])] ?? '';
    if (text.includes('OK\r\n\r\n')) socket.end(text);
    else socket.write(text);
  });
  const session = fixture.http2(listener);
  for (const [index] of answers.entries()) {
    expect(await ask(session, { ':path': `/${index}` })).toMatchObject({ status: 200, body: 'abc', code: 0 });
  }
});

it('passes on each piece of a stream of events when it comes', async () => {
  const { listener } = await fixture.serve((received, socket) => {
    if (received.includes('next')) socket.end('5\r\ndata2\r\n0\r\n\r\n');
    else if (received.includes('\r\n\r\n')) {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ndata1\r\n');
    }
  });
  const stream = fixture.http2(listener).request({ ':method': 'POST' });
  const [first]: unknown[] = await once(stream, 'data');
  expect(String(first)).toBe('data1');
  stream.end('next');
  const [second]: unknown[] = await once(stream, 'data');
  expect(String(second)).toBe('data2');
});

it.each([
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', 200, '9'],
  ['HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 200, undefined],
  ['GET', 'HTTP/1.1 204 No Content\r\n\r\n', 204, undefined],
  ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n', 304, '9'],
  ['GET', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 200, '0'],
])('gives %s an answer without a body', async (method, text, status, length) => {
  const { listener } = await fixture.serve(answering(text));
  const session = fixture.http2(listener);
  for (const _ of [1, 2]) {
    const answer = await ask(session, { ':method': method });
    expect(answer).toMatchObject({ status, body: '', code: 0 });
    expect(answer.headers['content-length']).toBe(length);
  }
});

it('gives a HEAD the head of its own answers only', async () => {
  const { listener } = await fixture.serve(ok);
  fixture.plane.apply(trafficConfig({}));
  const answer = await ask(fixture.http2(listener), { ':method': 'HEAD' });
  expect(answer).toMatchObject({ status: 404, body: '', code: 0 });
});

it('relays interim answers', async () => {
  const { listener } = await fixture.serve((received, socket) => {
    if (received.endsWith('\r\n\r\n')) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    if (received.endsWith('abc')) {
      socket.write(
        'HTTP/1.1 103 Early Hints\r\nLink: a\r\nlink: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
      );
    }
  });
  const stream = fixture
    .http2(listener)
    .request({ ':method': 'POST', 'content-length': 3, expect: '100-continue' }, { endStream: false });
  stream.once('continue', () => stream.end('abc'));
  const answer = await answerOf(stream);
  expect(answer).toMatchObject({ status: 200, code: 0 });
  expect(answer.interim).toMatchObject([{ ':status': 100 }, { ':status': 103, link: 'a, b' }]);
});

it('lets a service answer while it still reads', async () => {
  const { listener } = await fixture.serve((received, socket) => {
    if (received.endsWith('one\r\n')) socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nONE\r\n');
    if (complete(received)) socket.write('3\r\nTWO\r\n0\r\n\r\n');
  });
  const stream = fixture.http2(listener).request({ ':method': 'POST' }, { endStream: false });
  const answer = answerOf(stream);
  stream.once('data', () => stream.end('two'));
  stream.write('one');
  expect(await answer).toMatchObject({ status: 200, body: 'ONETWO', code: 0 });
});

it('asks a client to stop whose request is answered before its end', async () => {
  const { listener } = await fixture.serve((_received, socket) =>
    socket.write('HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nno'),
  );
  const stream = fixture.http2(listener).request({ ':method': 'POST' }, { endStream: false });
  stream.write('a');
  expect(await answerOf(stream)).toMatchObject({ status: 413, body: 'no', code: constants.NGHTTP2_NO_ERROR });
});

it('lets go of the service when the client resets its stream', async () => {
  const gone = Promise.withResolvers<undefined>();
  const asked = Promise.withResolvers<undefined>();
  const { listener } = await fixture.serve((_received, socket) => {
    socket.on('close', () => gone.resolve(undefined));
    asked.resolve(undefined);
  });
  const session = fixture.http2(listener);
  const stream = session.request({});
  stream.on('error', () => undefined);
  await asked.promise;
  stream.close(constants.NGHTTP2_CANCEL);
  await gone.promise;
  expect(await fixture.ended(1)).toMatchObject([{ outcome: 'client-aborted', status: 0, protocol: 'HTTP/2' }]);
  expect(session.destroyed).toBe(false);
  expect(fixture.plane.inFlight).toBe(0);
});

it('lets go of all services when the client goes', async () => {
  const { listener, origin } = await fixture.serve(() => undefined);
  const session = fixture.http2(listener);
  for (let index = 0; index < 5; index++) session.request({}).on('error', () => undefined);
  while (origin.connections.filter((text) => text !== '').length < 5) await new Promise(setImmediate);
  session.destroy();
  const records = await fixture.ended(5);
  expect(records.every(({ outcome }) => outcome === 'client-aborted')).toBe(true);
});

it.each(['Content-Length: 9\r\n\r\nabc', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'])(
  'never makes an answer that breaks off look whole: %j',
  async (text) => {
    const { listener } = await fixture.serve((_received, socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${text}`);
      setImmediate(() => socket.destroy());
    });
    const client = await FrameClient.open(listener.port);
    const fields = [
      [':method', 'GET'],
      [':scheme', 'http'],
      [':path', '/'],
      [':authority', 'a'],
    ] as const;
    client.send(frame(FrameType.headers, END_HEADERS | END_STREAM, 1, block(fields)));
    expect(await client.endOf(1)).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    expect(await fixture.ended(1)).toMatchObject([{ outcome: 'upstream-reset', status: 200 }]);
    client.socket.destroy();
  },
);

it('answers failures as it does over HTTP/1.1', async () => {
  const { listener } = await fixture.serve(answering('HTTP/9 nonsense\r\n\r\n'));
  const answer = await ask(fixture.http2(listener), {});
  expect(answer).toMatchObject({ status: 502, code: 0 });
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'upstream-bad-response' });
});

describe('WebSocket over HTTP/2', () => {
  const script: OriginScript = (received, socket) => {
    if (received.endsWith('\r\n\r\n')) {
      socket.write('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n');
      socket.write('Sec-WebSocket-Accept: x\r\nSec-WebSocket-Protocol: chat\r\n\r\nhi ');
    } else if (received.endsWith('bye')) socket.end('bye');
  };
  const fields = {
    ':method': 'CONNECT',
    ':protocol': 'websocket',
    ':path': '/chat',
    ':authority': 'a',
    ':scheme': 'http',
    'sec-websocket-version': '13',
    'sec-websocket-protocol': 'chat',
  };

  it('becomes an upgrade of HTTP/1.1', async () => {
    const { listener, origin } = await fixture.serve(script);
    const session = fixture.http2(listener);
    await once(session, 'remoteSettings');
    const stream = session.request(fields, { endStream: false });
    stream.write('bye');
    // Each direction ends by itself.
    stream.once('end', () => stream.end());
    const answer = await answerOf(stream);
    expect(answer).toMatchObject({ status: 200, body: 'hi bye', code: 0 });
    expect(answer.raw).toEqual([':status', '200', 'sec-websocket-protocol', 'chat', 'date', expect.any(String)]);
    const text = origin.connections[0] ?? '';
    expect(text).toMatch(/^GET \/chat HTTP\/1\.1\r\n/);
    expect(text).toMatch(/\r\nSec-WebSocket-Key: [\w+/]{22}==\r\nsec-websocket-version: 13\r\n/);
    expect(text).toMatch(/\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nbye$/);
    expect(await fixture.ended(1)).toMatchObject([{ outcome: 'success', status: 200, protocol: 'HTTP/2' }]);
  });

  it('gives back the refusal of a service, and no success that opened nothing', async () => {
    const { listener } = await fixture.serve((received, socket) => {
      const status = /.*GET \/no/s.test(received) && !/.*GET \/chat/s.test(received) ? '403 No' : '200 OK';
      if (received.endsWith('\r\n\r\n')) socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 2\r\n\r\nno`);
    });
    const session = fixture.http2(listener);
    await once(session, 'remoteSettings');
    expect(await ask(session, { ...fields, ':path': '/no' })).toMatchObject({ status: 403, body: 'no' });
    const ignored = await ask(session, fields);
    expect(ignored.code).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    expect(ignored.status).toBeNaN();
  });
});
