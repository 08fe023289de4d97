import { createServer } from 'node:http';
import { connect } from 'node:net';
import { array, assert, asyncProperty, constantFrom, nat, record } from 'fast-check';
import { ChunkedDecoder } from './chunked-decoder.ts';
import { HeadBuffer } from './head-buffer.ts';
import { parseRequestHead } from './request-head.ts';

interface Message {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  readonly body: string;
}

const server = createServer({ insecureHTTPParser: false, requireHostHeader: true });
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));

/** What this codec reads; undefined when it refuses or waits for more. */
function ours(text: string): Message | undefined {
  const bytes = Buffer.from(text, 'latin1');
  const buffer = new HeadBuffer();
  const found = buffer.take(bytes, 0, bytes.length, 8_192);
  if (typeof found === 'string') return undefined;
  const head = parseRequestHead(found, { maxHeaderCount: 50, maxTargetBytes: 1_000 });
  if ('code' in head) return undefined;
  const start = buffer.consumed;
  const { method, target, framing } = head;
  const headers = head.headers.entries().flat();
  if (framing >= 0) {
    if (start + framing > bytes.length) return undefined;
    return { method, target, headers, body: bytes.toString('latin1', start, start + framing) };
  }
  let body = '';
  const decoder = new ChunkedDecoder();
  decoder.read(bytes, start, bytes.length, {
    bodyData: (piece, from, to) => void (body += piece.toString('latin1', from, to)),
  });
  return decoder.done ? { method, target, headers, body } : undefined;
}

/** What llhttp reads first from the same bytes; undefined when it refuses them. */
function theirs(text: string): Promise<Message | undefined> {
  return new Promise((resolve) => {
    server.removeAllListeners('request');
    server.once('request', (request, response) => {
      let body = '';
      request.setEncoding('latin1');
      request.on('data', (piece: string) => (body += piece));
      request.on('error', () => resolve(undefined));
      request.on('end', () => {
        resolve({ method: request.method ?? '', target: request.url ?? '', headers: request.rawHeaders, body });
        response.destroy();
      });
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const socket = connect(port, '127.0.0.1', () => socket.end(text, 'latin1'));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(undefined));
    socket.resume();
  });
}

const SEEDS = [
  'POST /a?b=c HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
  'POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n',
  'GET http://a/ HTTP/1.1\r\nHost: a\r\nX:  v \r\nAccept: */*\r\n\r\n',
];
const PIECES = [
  '\r',
  '\n',
  '\r\n',
  ' ',
  '\t',
  ':',
  ';',
  '=',
  '0',
  '1',
  'f',
  '\0',
  '\x7f',
  '\xe9',
  ',',
  '\v',
  '\r\nContent-Length: 3',
];
const mutation = record({
  at: nat(120),
  drop: nat(2),
  put: constantFrom('', ...PIECES),
});

it('reads what it accepts as llhttp in strict mode reads it', async () => {
  let accepted = 0;
  await assert(
    asyncProperty(constantFrom(...SEEDS), array(mutation, { maxLength: 2 }), async (seed, mutations) => {
      let text = seed;
      for (const { at, drop, put } of mutations) {
        // Behind the method: llhttp knows a list of methods, this codec takes any token.
        const place = 5 + (at % (text.length - 4));
        text = text.slice(0, place) + put + text.slice(place + drop);
      }
      const mine = ours(text);
      if (mine === undefined) return;
      accepted++;
      expect(await theirs(text)).toEqual(mine);
    }),
    { numRuns: 2_000 },
  );
  expect(accepted).toBeGreaterThan(200);
}, 30_000);
