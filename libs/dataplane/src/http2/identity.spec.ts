import { once } from 'node:events';
import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PlaneFixture } from '#testing';

const CONNECTIONS = 8;
const STREAMS = 320;
/** More than a stream's window, so that slow readers hold their services back. */
const LARGE = 150_000;

let fixture: PlaneFixture;
let server: Server;
/** Requests whose head or body the service got mixed up. */
let mixed: string[];

beforeEach(async () => {
  fixture = new PlaneFixture();
  mixed = [];
  // Longer than the test: a POST on a connection that the service has just closed is rightly not repeated.
  server = createServer({ keepAliveTimeout: 120_000 }, answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  fixture.routeTo(typeof address === 'object' ? (address?.port ?? 0) : 0);
});
afterEach(async () => {
  await fixture.close();
  server.closeAllConnections();
  server.close();
});

/** What the body of `id` is: its name over and over, so that a piece of another one shows. */
const bodyOf = (id: string, bytes: number): string => `${id};`.repeat(Math.ceil(bytes / (id.length + 1)));

/** Answers with the identity of the request: late, early, in pieces, large, or cut off. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const [, id = '', kind = ''] = /^\/([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? [];
  if (request.headers['x-id'] !== id) mixed.push(`${request.url} has the head of ${String(request.headers['x-id'])}`);
  response.setHeader('x-id', id);
  let body = '';
  request.on('data', (piece: Buffer) => (body += piece.toString('latin1')));
  request.on('error', () => undefined);
  if (kind === 'early') return void response.end(id);
  request.on('end', () => {
    if (body !== '' && body !== bodyOf(id, body.length - id.length)) mixed.push(`${request.url} has another body`);
    if (kind === 'cut') {
      response.write(id);
      setImmediate(() => request.socket.destroy());
    } else if (kind === 'large') response.end(bodyOf(id, LARGE));
    else if (kind === 'pieces') {
      response.write(id);
      setImmediate(() => response.end(id));
    } else setImmediate(() => response.end(id));
  });
}

const KINDS = ['plain', 'post', 'pieces', 'large', 'early', 'reset', 'slow', 'cut'] as const;

async function exchange(session: ClientHttp2Session, id: string, kind: (typeof KINDS)[number]): Promise<string> {
  const sends = kind === 'post' || kind === 'early';
  const stream = session.request(
    { ':path': `/${id}/${kind === 'slow' ? 'large' : kind}`, ':method': sends ? 'POST' : 'GET', 'x-id': id },
    { endStream: !sends },
  );
  stream.on('error', () => undefined);
  let wrong = '';
  let body = '';
  stream.on('response', (fields) => {
    if (fields['x-id'] !== id && fields[':status'] === 200) wrong = `${id} got the head of ${String(fields['x-id'])}`;
    if (fields[':status'] !== 200 && kind !== 'cut') wrong = `${id} (${kind}) got ${String(fields[':status'])}`;
  });
  if (sends) stream.end(bodyOf(id, kind === 'early' ? 100_000 : 5_000));
  if (kind === 'reset') setImmediate(() => stream.close(constants.NGHTTP2_CANCEL));
  if (kind === 'slow') {
    await once(stream, 'response');
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => void setImmediate(resolve));
  }
  stream.on('data', (piece: Buffer) => (body += piece.toString('latin1')));
  await new Promise((resolve) => void stream.on('close', resolve));
  if (wrong !== '') return wrong;
  const pieces = body.split(/;/).filter((piece) => piece !== '');
  const foreign = pieces.find((piece) => piece !== id && piece !== id + id);
  if (foreign !== undefined && kind !== 'reset') return `${id} (${kind}) got a piece of ${foreign}`;
  if (kind === 'reset' || kind === 'cut') return '';
  const length = kind === 'large' || kind === 'slow' ? bodyOf(id, LARGE).length : id.length;
  return body.length === (kind === 'pieces' ? id.length * 2 : length) ? '' : `${id} (${kind}) got ${body.length} bytes`;
}

it(`gives each of ${CONNECTIONS * STREAMS} concurrent streams its own answer`, async () => {
  const listener = await fixture.plane.listen({ address: '127.0.0.1', port: 0 });
  const sessions = Array.from({ length: CONNECTIONS }, () => {
    const session = connect(`http://127.0.0.1:${listener.port}`);
    session.on('error', () => undefined);
    fixture.later(() => session.destroy());
    return session;
  });
  const results = await Promise.all(
    sessions.flatMap((session, connection) => {
      let next = 0;
      // As many at once as the gateway allows.
      return Array.from({ length: 60 }, async () => {
        const wrong: string[] = [];
        while (next < STREAMS) {
          const number = next++;
          const kind = KINDS[number % KINDS.length] ?? 'plain';
          wrong.push(await exchange(session, `id-${connection}-${number}`, kind));
        }
        return wrong.filter((text) => text !== '');
      });
    }),
  );
  expect(results.flat()).toEqual([]);
  expect(mixed).toEqual([]);
  expect(sessions.some(({ destroyed }) => destroyed)).toBe(false);
  await fixture.until(() => fixture.plane.inFlight === 0);
  const outcomes = Map.groupBy(fixture.records, ({ outcome }) => outcome);
  // Streams that are reset before their head is read are none; all others are accounted for.
  expect(outcomes.get('success')?.length).toBeGreaterThanOrEqual((CONNECTIONS * STREAMS * 6) / 8);
}, 60_000);
