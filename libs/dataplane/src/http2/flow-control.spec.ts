import { once } from 'node:events';
import { constants, type ClientHttp2Session } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { answerOf, ask, PlaneFixture } from '#testing';

/** Far more than what sockets and streams between the ends can hold. */
const LARGE = 64 * 1024 * 1024;
/** The kernel's buffers of two connections, and our own. */
const HELD = 24 * 1024 * 1024;
const PIECE = Buffer.alloc(65_536, 'x');

let fixture: PlaneFixture;
let server: Server;

beforeEach(() => (fixture = new PlaneFixture()));
afterEach(async () => {
  await fixture.close();
  server.close();
});

/** A service: `/large` sends, `/read` reads when it is let, everything else says ok. */
async function serve(let_: { large?: (sent: number) => void; read?: Promise<unknown> } = {}) {
  server = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (bytes: Buffer) => {
      const head = bytes.toString('latin1');
      if (head.startsWith('GET /large ')) sendAll(socket, let_.large ?? (() => undefined));
      else if (head.startsWith('POST /read ')) void readAll(socket, bytes, let_.read);
      else socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  fixture.routeTo(typeof address === 'object' ? (address?.port ?? 0) : 0);
  return fixture.plane.listen({ address: '127.0.0.1', port: 0 });
}

function sendAll(socket: Socket, tell: (sent: number) => void): void {
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${LARGE}\r\n\r\n`);
  let left = LARGE;
  const go = (): void => {
    while (left > 0 && !socket.destroyed) {
      left -= PIECE.length;
      tell(LARGE - left);
      if (!socket.write(PIECE)) break;
    }
  };
  socket.on('drain', go);
  go();
}

async function readAll(socket: Socket, first: Buffer, allowed: Promise<unknown> | undefined): Promise<void> {
  socket.pause();
  await allowed;
  const start = first.indexOf('\r\n\r\n') + 4;
  let read = first.length - start;
  const count = (bytes: Buffer): void => {
    read += bytes.length;
    if (read < LARGE) return;
    socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\n${read}`);
  };
  socket.on('data', count);
  socket.resume();
}

/** So many exchanges on the same connection give everything else all the time that it needs to run away. */
async function others(session: ClientHttp2Session): Promise<void> {
  for (let index = 0; index < 200; index++) expect(await ask(session, {})).toMatchObject({ status: 200, body: 'ok' });
}

it('holds back a service for a client that reads slowly, and no other stream', async () => {
  let sent = 0;
  const listener = await serve({ large: (bytes) => (sent = bytes) });
  const session = fixture.http2(listener);
  const slow = session.request({ ':path': '/large' });
  await once(slow, 'response');
  await others(session);
  expect(sent).toBeLessThan(HELD);
  let got = 0;
  slow.on('data', (piece: Buffer) => (got += piece.length));
  await once(slow, 'close');
  expect([got, slow.rstCode]).toEqual([LARGE, constants.NGHTTP2_NO_ERROR]);
});

it('holds back a client for a service that reads slowly, and no other stream', async () => {
  const allowed = Promise.withResolvers<undefined>();
  const listener = await serve({ read: allowed.promise });
  const session = fixture.http2(listener);
  const upload = session.request({ ':method': 'POST', ':path': '/read', 'content-length': LARGE });
  const answer = answerOf(upload);
  let sent = 0;
  const go = (): void => {
    while (sent < LARGE) {
      sent += PIECE.length;
      if (!upload.write(PIECE)) return;
    }
    upload.end();
  };
  upload.on('drain', go);
  go();
  await others(session);
  expect(sent).toBeLessThan(HELD);
  allowed.resolve(undefined);
  expect(await answer).toMatchObject({ status: 200, body: `${LARGE}`, code: 0 });
});

it('lets go of the service when a client stops in the middle of an answer', async () => {
  const listener = await serve();
  const session = fixture.http2(listener);
  const stream = session.request({ ':path': '/large' });
  stream.on('error', () => undefined);
  await once(stream, 'data');
  stream.close(constants.NGHTTP2_CANCEL);
  expect(await fixture.ended(1)).toMatchObject([{ outcome: 'client-aborted', status: 200 }]);
  await others(session);
});
