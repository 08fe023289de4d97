import { once } from 'node:events';
import { constants } from 'node:http2';
import type { Socket } from 'node:net';
import { answerOf, ask, FrameClient, FrameType, getRequest, PlaneFixture } from '#testing';

let fixture: PlaneFixture;

beforeEach(() => (fixture = new PlaneFixture()));
afterEach(() => fixture.close());

async function waiting() {
  const sockets: Socket[] = [];
  const { listener } = await fixture.serve((received, socket) => {
    if (received.endsWith('\r\n\r\n')) sockets.push(socket);
  });
  return { listener, sockets };
}

it('serves what it has begun, tells up to where, and ends when all is answered', async () => {
  const { listener, sockets } = await waiting();
  const client = await FrameClient.open(listener.port);
  client.send(getRequest(1), getRequest(3));
  await fixture.until(() => sockets.length === 2);
  const drained = fixture.plane.drain(10_000);
  const notice = await client.until(({ type }) => type === FrameType.goaway);
  expect([notice?.payload.readUInt32BE(0), notice?.payload.readUInt32BE(4)]).toEqual([3, 0]);
  // The client may send it again elsewhere: nobody begins it here.
  client.send(getRequest(5));
  for (const socket of sockets) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  expect([await client.endOf(1), await client.endOf(3), await client.endOf(5)]).toEqual([0, 0, -1]);
  await drained;
  expect(fixture.records.map(({ outcome }) => outcome)).toEqual(['success', 'success']);
});

it('ends idle connections at once, also those of clients that do not answer', async () => {
  const { listener } = await waiting();
  const session = fixture.http2(listener);
  await once(session, 'remoteSettings');
  await FrameClient.open(listener.port);
  const closed = once(session, 'close');
  const began = performance.now();
  await fixture.plane.drain(10_000);
  await closed;
  expect(performance.now() - began).toBeLessThan(5_000);
});

it('cuts what is left at the deadline so that it does not look whole', async () => {
  const { listener, sockets } = await waiting();
  const client = await FrameClient.open(listener.port);
  client.send(getRequest(1));
  await fixture.until(() => sockets.length === 1);
  sockets[0]?.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
  await client.until(({ type }) => type === FrameType.data);
  await fixture.plane.drain(50);
  expect([-1, constants.NGHTTP2_INTERNAL_ERROR]).toContain(await client.endOf(1));
  expect(await fixture.ended(1)).toMatchObject([{ outcome: 'client-aborted' }]);
});

it('finishes the answer of a slow reader before it closes', async () => {
  const { listener, sockets } = await waiting();
  const stream = fixture.http2(listener).request({});
  await fixture.until(() => sockets.length === 1);
  const body = 'x'.repeat(1_000_000);
  sockets[0]?.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await once(stream, 'response');
  const drained = fixture.plane.drain(10_000);
  expect(await answerOf(stream)).toMatchObject({ body, code: 0 });
  await drained;
});

it('takes no new connection while it drains', async () => {
  const { listener } = await waiting();
  await fixture.plane.drain(100);
  const session = fixture.http2(listener);
  await expect(ask(session, {})).resolves.toMatchObject({ status: Number.NaN });
});
