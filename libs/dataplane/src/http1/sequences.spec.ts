import { METHODS } from 'node:http';
import { array, assert, constantFrom, integer, nat, property, record, type Arbitrary } from 'fast-check';
import { readWithLlhttp, type LlhttpMessage } from '#testing';
import { ChunkedDecoder } from './chunked-decoder.ts';
import { CHUNKED, UNTIL_CLOSE } from '../message/framing.ts';
import { HeadBuffer } from './head-buffer.ts';
import { parseRequestHead } from './request-head.ts';
import { parseResponseHead } from './response-head.ts';

type Message = Pick<LlhttpMessage, 'start' | 'headers' | 'body'>;

/** What is read next on a connection: the head of the messages, then their bodies. */
interface Head {
  readonly message: Message;
  readonly framing: number;
  readonly last: boolean;
}
type HeadReader = (head: Exclude<ReturnType<HeadBuffer['take']>, string>, index: number) => Head | undefined;

/** This codec over one connection whose bytes come in pieces; whole messages only, up to the first fault. */
class Connection {
  readonly messages: Message[] = [];
  readonly #readHead: HeadReader;
  readonly #heads = new HeadBuffer();
  #head: Head | undefined;
  #body = '';
  #left = 0;
  #decoder: ChunkedDecoder | undefined;
  #over = false;

  constructor(readHead: HeadReader) {
    this.#readHead = readHead;
  }

  read(piece: Buffer): void {
    let at = 0;
    while (at < piece.length && !this.#over) at = this.#head ? this.#readBody(piece, at) : this.#take(piece, at);
  }

  /** The other side has closed the connection. */
  end(): void {
    if (this.#head?.framing === UNTIL_CLOSE) this.#complete();
  }

  #take(piece: Buffer, at: number): number {
    const found = this.#heads.take(piece, at, piece.length, 8_192);
    if (found === 'incomplete') return piece.length;
    const head = typeof found === 'string' ? undefined : this.#readHead(found, this.messages.length);
    if (!head) {
      this.#over = true;
      return piece.length;
    }
    this.#head = head;
    this.#body = '';
    this.#left = head.framing;
    this.#decoder = head.framing === CHUNKED ? new ChunkedDecoder() : undefined;
    if (head.framing === 0) this.#complete();
    return this.#heads.consumed;
  }

  #readBody(piece: Buffer, at: number): number {
    const decoder = this.#decoder;
    if (decoder) {
      const bodyData = (bytes: Buffer, from: number, to: number): void =>
        void (this.#body += bytes.toString('latin1', from, to));
      const end = decoder.read(piece, at, piece.length, { bodyData });
      if (decoder.failure) this.#over = true;
      else if (decoder.done) this.#complete();
      return end;
    }
    const end = this.#left === UNTIL_CLOSE ? piece.length : at + Math.min(this.#left, piece.length - at);
    this.#body += piece.toString('latin1', at, end);
    if (this.#left !== UNTIL_CLOSE) {
      this.#left -= end - at;
      if (this.#left === 0) this.#complete();
    }
    return end;
  }

  #complete(): void {
    const head = this.#head;
    if (!head) return;
    this.#head = undefined;
    this.messages.push({ ...head.message, body: this.#body });
    if (head.last) this.#over = true;
  }
}

const readRequest: HeadReader = (source) => {
  const head = parseRequestHead(source, { maxHeaderCount: 50, maxTargetBytes: 1_000 });
  if ('code' in head) return undefined;
  const message = { start: `${head.method} ${head.target}`, headers: head.headers.entries().flat(), body: '' };
  return { message, framing: head.framing, last: !head.keepAlive };
};

const REQUEST_METHODS = ['GET', 'HEAD', 'GET', 'POST', 'HEAD', 'GET'];
function readAnswer(): HeadReader {
  let finals = 0;
  return (source) => {
    const head = parseResponseHead(source, REQUEST_METHODS[finals] ?? 'GET', 50);
    if ('code' in head || head.status === 101) return undefined;
    if (head.status >= 200) finals += 1;
    const message = { start: `${head.status} ${head.reason}`, headers: head.headers.entries().flat(), body: '' };
    return { message, framing: head.framing, last: head.status >= 200 && !head.keepAlive };
  };
}

function inPieces(bytes: Buffer, readHead: HeadReader, cuts: readonly number[]): Message[] {
  const connection = new Connection(readHead);
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const place of [...places, bytes.length]) {
    connection.read(bytes.subarray(from, place));
    from = place;
  }
  connection.end();
  return connection.messages;
}

const REQUESTS = [
  'GET /a HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST /b?c=d HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
  'PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\nA\r\n0123456789\r\n0\r\nT: 1\r\n\r\n',
  'GET http://a/d HTTP/1.1\r\nHost: a\r\nX:  v \r\nConnection: keep-alive\r\n\r\n',
  'POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n',
  'GET /f HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
] as const;
const ANSWERS = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;a\r\n!\r\n0\r\nT: 1\r\n\r\n',
  'HTTP/1.1 204 No Content\r\nX: 1\r\n\r\n',
  'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok',
  'HTTP/1.1 200 OK\r\n\r\nuntil the end',
] as const;
const PIECES = ['', '\r', '\n', '\r\n', ' ', '\t', ':', ';', ',', '=', '0', '1', 'f', '\0', '\xe9', '\v'] as const;
const LINES = [
  'Content-Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Connection: close\r\n',
  ' folded\r\n',
] as const;

/** Messages one behind the other, some bytes of them changed, and where to cut what comes of it. */
function connections(messages: readonly [string, ...string[]]): Arbitrary<{ bytes: Buffer; cuts: number[] }> {
  const change = record({ at: nat(600), drop: nat(2), put: constantFrom(...PIECES, ...LINES) });
  return record({
    sequence: array(constantFrom(...messages), { minLength: 1, maxLength: 5 }),
    changes: array(change, { maxLength: 2 }),
    cuts: array(integer({ min: 0, max: 600 }), { maxLength: 12 }),
  }).map(({ sequence, changes, cuts }) => {
    let text = sequence.join('');
    for (const { at, drop, put } of changes) {
      const place = at % text.length;
      text = text.slice(0, place) + put + text.slice(place + drop);
    }
    return { bytes: Buffer.from(text, 'latin1'), cuts };
  });
}

const everyByte = (bytes: Buffer): number[] => Array.from({ length: bytes.length }, (_, index) => index);
const knownMethod = new RegExp(`^(?:${METHODS.join('|')}) `);

describe('sequences of messages', () => {
  it('are read as llhttp reads them: requests', () => {
    let accepted = 0;
    assert(
      property(connections(REQUESTS), ({ bytes, cuts }) => {
        const whole = inPieces(bytes, readRequest, []);
        expect(inPieces(bytes, readRequest, cuts)).toEqual(whole);
        expect(inPieces(bytes, readRequest, everyByte(bytes))).toEqual(whole);
        // This codec takes any token for a method, llhttp only those that it knows.
        const stranger = whole.findIndex(({ start }) => !knownMethod.test(start));
        const expected = stranger < 0 ? whole : whole.slice(0, stranger);
        const theirs = readWithLlhttp('requests', bytes).slice(0, expected.length);
        expect(theirs.map(({ start, headers, body }) => ({ start, headers, body }))).toEqual(expected);
        expect(theirs.filter(({ complete }) => !complete)).toEqual([]);
        accepted += expected.length;
      }),
      { numRuns: 1_000 },
    );
    expect(accepted).toBeGreaterThan(1_000);
  });

  it('are read as llhttp reads them: answers', () => {
    let accepted = 0;
    assert(
      property(connections(ANSWERS), ({ bytes, cuts }) => {
        const whole = inPieces(bytes, readAnswer(), []);
        expect(inPieces(bytes, readAnswer(), cuts)).toEqual(whole);
        expect(inPieces(bytes, readAnswer(), everyByte(bytes))).toEqual(whole);
        const theirs = readWithLlhttp('answers', bytes, REQUEST_METHODS).slice(0, whole.length);
        expect(theirs.map(({ start, headers, body }) => ({ start, headers, body }))).toEqual(whole);
        expect(theirs.filter(({ complete }) => !complete)).toEqual([]);
        accepted += whole.length;
      }),
      { numRuns: 1_000 },
    );
    expect(accepted).toBeGreaterThan(1_000);
  });
});
