import { once } from 'node:events';
import { constants } from 'node:http2';
import { connect } from 'node:net';
import {
  ACK,
  answering,
  ask,
  block,
  END_HEADERS,
  END_STREAM,
  frame,
  FrameClient,
  FrameType,
  GET_FIELDS,
  getRequest,
  PlaneFixture,
} from '#testing';
import { AbuseGuard } from './abuse.ts';

let fixture: PlaneFixture;

beforeEach(() => (fixture = new PlaneFixture()));
afterEach(() => fixture.close());

const ok = answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
const code = (error: number) => {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(error);
  return payload;
};

describe('one request', () => {
  const limits = { maxHeaderBytes: 1_000, maxHeaderCount: 10, maxTargetBytes: 100, maxBodyBytes: 100 };
  it.each([
    ['a long field', { x: 'x'.repeat(1_000) }, 431, 'headers-too-large'],
    ['many fields', Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`x${at}`, ''])), 431, 'too-many-headers'],
    ['a long target', { ':path': `/${'x'.repeat(100)}` }, 414, 'target-too-long'],
    ['an unknown expectation', { expect: 'tea' }, 417, 'bad-expectation'],
    ['a long body that is told', { ':method': 'POST', 'content-length': 101 }, 413, 'client-too-large'],
  ])('is refused for %s, and the connection goes on', async (_what, fields, status, errorCode) => {
    const { listener, origin } = await fixture.serve(ok, { limits });
    const session = fixture.http2(listener);
    const answer = await ask(session, fields, 'content-length' in fields ? 'x'.repeat(101) : undefined);
    expect(answer).toMatchObject({ status, code: 0 });
    expect(JSON.parse(answer.body)).toMatchObject({ code: errorCode });
    expect(origin.connections).toEqual([]);
    expect(fixture.records).toMatchObject([{ protocol: 'HTTP/2', status, errorCode, authority: expect.any(String) }]);
    expect(await ask(session, {})).toMatchObject({ status: 200 });
  });

  it('is refused for a body that grows too long', async () => {
    const { listener } = await fixture.serve(() => undefined, { limits });
    const answer = await ask(fixture.http2(listener), { ':method': 'POST' }, 'x'.repeat(101));
    expect(answer).toMatchObject({ status: 413 });
    expect(await fixture.ended(1)).toMatchObject([{ outcome: 'client-too-large' }]);
  });

  it('is reset when its fields are far too many to be read', async () => {
    const { listener } = await fixture.serve(ok, { limits });
    const client = await FrameClient.open(listener.port);
    const fields = Array.from({ length: 60 }, (_, at) => [`x${at}`, ''] as const);
    client.send(frame(FrameType.headers, END_HEADERS | END_STREAM, 1, block([...GET_FIELDS, ...fields])));
    expect(await client.endOf(1)).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    client.socket.destroy();
  });

  it('is answered when its body stops coming, or its time is over', async () => {
    const timeouts = { idleMs: 100, totalMs: 300 };
    const { listener } = await fixture.serve(() => undefined, {}, { timeouts });
    const session = fixture.http2(listener);
    const slow = session.request({ ':method': 'POST' }, { endStream: false });
    slow.write('a');
    const [fields]: unknown[] = await once(slow, 'response');
    expect(fields).toMatchObject({ ':status': 408 });
    expect(await ask(session, {})).toMatchObject({ status: 504 });
    expect(fixture.records.map(({ outcome }) => outcome)).toEqual(['client-timeout', 'upstream-timeout']);
  });
});

describe('one connection', () => {
  it('has so many streams at once', async () => {
    const { listener } = await fixture.serve(() => undefined, { limits: { maxConcurrentStreams: 2 } });
    const client = await FrameClient.open(listener.port);
    client.send(getRequest(1), getRequest(3), getRequest(5));
    // This client has acknowledged the number: one that has not yet is refused the stream only.
    expect(await client.expelled()).toBe(constants.NGHTTP2_PROTOCOL_ERROR);
    const session = fixture.http2(listener);
    const streams = [1, 2, 3].map(() => session.request({}));
    await once(session, 'remoteSettings');
    await fixture.until(() => fixture.plane.inFlight === 2);
    expect(fixture.plane.inFlight).toBe(2);
    for (const stream of streams) stream.on('error', () => undefined);
  });

  it('is told to go after so many requests, and none of them is lost', async () => {
    const { listener } = await fixture.serve(ok, { limits: { maxRequestsPerConnection: 3 } });
    const session = fixture.http2(listener);
    const gone = once(session, 'goaway');
    const closed = once(session, 'close');
    const answers = await Promise.all([1, 2, 3].map(() => ask(session, {})));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const [error]: unknown[] = await gone;
    expect(error).toBe(constants.NGHTTP2_NO_ERROR);
    await closed;
    expect(fixture.plane.inFlight).toBe(0);
  });

  it('ends when it says nothing, at the beginning or for long', async () => {
    const limits = { headerTimeoutMs: 100, keepAliveTimeoutMs: 200 };
    const { listener } = await fixture.serve(ok, { limits });
    const silent = connect(listener.port, '127.0.0.1').resume();
    silent.write('PRI * HTTP/2.0\r\n\r\n');
    await once(silent, 'close');
    const session = fixture.http2(listener);
    expect(await ask(session, {})).toMatchObject({ status: 200 });
    const [error]: unknown[] = await once(session, 'goaway');
    expect(error).toBe(constants.NGHTTP2_NO_ERROR);
    await once(session, 'close');
  });

  it('ends with a header block that does not end', async () => {
    const { listener } = await fixture.serve(ok, { limits: { keepAliveTimeoutMs: 100 } });
    const client = await FrameClient.open(listener.port);
    client.send(frame(FrameType.headers, END_STREAM, 1, block(GET_FIELDS)));
    await client.expelled();
    expect(fixture.records).toEqual([]);
  });

  it('ends when the client closes its side', async () => {
    const { listener } = await fixture.serve(() => undefined);
    const client = await FrameClient.open(listener.port);
    client.send(getRequest(1));
    await client.until(() => fixture.plane.inFlight === 1 || client.frames.length > 2);
    client.socket.end();
    await client.expelled();
    expect(await fixture.ended(1)).toMatchObject([{ outcome: 'client-aborted' }]);
  });
});

it('does not blame a client for a service that breaks off', async () => {
  const { listener } = await fixture.serve((_received, socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc');
    setImmediate(() => socket.destroy());
  });
  const session = fixture.http2(listener);
  for (let round = 0; round < 12; round++) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(session, {})));
    expect(answers.every((answer) => answer.code === constants.NGHTTP2_INTERNAL_ERROR)).toBe(true);
  }
  expect(session.destroyed).toBe(false);
});

describe('floods', () => {
  const flood = async (make: (index: number) => Buffer, count: number): Promise<number | undefined> => {
    const { listener } = await fixture.serve(() => undefined);
    const client = await FrameClient.open(listener.port);
    client.send(...Array.from({ length: count }, (_, index) => make(index)));
    const expelled = await client.expelled();
    expect(fixture.plane.inFlight).toBe(0);
    // Others are served as before.
    const { listener: other } = await fixture.serve(ok);
    expect(await ask(fixture.http2(other), {})).toMatchObject({ status: 200 });
    return expelled;
  };

  it('of resets (CVE-2023-44487)', async () => {
    const reset = (index: number) => {
      const stream = index * 2 + 1;
      return Buffer.concat([getRequest(stream), frame(FrameType.reset, 0, stream, code(constants.NGHTTP2_CANCEL))]);
    };
    expect(await flood(reset, 2_000)).not.toBe(constants.NGHTTP2_NO_ERROR);
  });

  it('of faults that make the gateway reset (CVE-2025-8671)', async () => {
    const fault = (index: number) => {
      const stream = index * 2 + 1;
      return Buffer.concat([getRequest(stream, END_HEADERS), frame(FrameType.windowUpdate, 0, stream, code(0))]);
    };
    expect(await flood(fault, 2_000)).not.toBe(constants.NGHTTP2_NO_ERROR);
  });

  it('of PING', async () => {
    const ping = () => frame(FrameType.ping, 0, 0, Buffer.alloc(8));
    expect(await flood(ping, 1_000)).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  });

  it('of SETTINGS', async () => {
    expect(await flood(() => frame(FrameType.settings, 0, 0), 1_000)).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  });

  it('of CONTINUATION', async () => {
    const piece = (index: number) =>
      index === 0
        ? frame(FrameType.headers, END_STREAM, 1, block(GET_FIELDS))
        : frame(FrameType.continuation, 0, 1, block([[`x${index}`, 'a']]));
    expect(await flood(piece, 100)).not.toBe(constants.NGHTTP2_NO_ERROR);
  });

  it('of empty DATA', async () => {
    const piece = (index: number) => (index === 0 ? getRequest(1, END_HEADERS) : frame(FrameType.data, 0, 1));
    expect(await flood(piece, 1_000)).not.toBe(constants.NGHTTP2_NO_ERROR);
  });

  it('are told from clients that behave', () => {
    const guard = new AbuseGuard(0);
    for (let second = 1; second < 1_000; second++) expect(guard.allowsControlFrame(second * 1_000)).toBe(true);
    for (let stream = 0; stream < 5_000; stream++) expect(guard.allowsStreamEnd(stream % 3 === 0)).toBe(true);
    const answers = Array.from({ length: 20_000 }, () => guard.allowsStreamEnd(true));
    expect(answers).toContain(false);
  });
});

it('acknowledges SETTINGS and PING', async () => {
  const { listener } = await fixture.serve(ok);
  const client = await FrameClient.open(listener.port);
  client.send(frame(FrameType.ping, 0, 0, 'abcdefgh'));
  const pong = await client.until(({ type, flags }) => type === FrameType.ping && flags === ACK);
  expect(pong?.payload.toString()).toBe('abcdefgh');
  client.socket.destroy();
});
