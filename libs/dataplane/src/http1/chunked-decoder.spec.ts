import { ChunkedDecoder } from './chunked-decoder.ts';
import { parseResponseHead } from './response-head.ts';
import { headText } from './scan-lines.ts';

function decode(text: string, step = text.length) {
  const bytes = Buffer.from(text, 'latin1');
  const decoder = new ChunkedDecoder();
  let body = '';
  let at = 0;
  const sink = {
    bodyData: (buffer: Buffer, from: number, to: number) => void (body += buffer.toString('latin1', from, to)),
  };
  for (let start = 0; start < bytes.length && !decoder.done && !decoder.failure; start += step) {
    at = decoder.read(bytes, start, Math.min(bytes.length, start + step), sink);
  }
  return { body, rest: text.slice(at), decoder };
}

describe('ChunkedDecoder', () => {
  it.each([1, 2, 3, 7, 100])('reads a body in pieces of %d bytes and stops behind it', (step) => {
    const { body, rest, decoder } = decode('5\r\nhello\r\nA;x=1\r\n0123456789\r\n0\r\nT: v\r\n\r\n', step);
    expect([body, rest, decoder.done]).toEqual(['hello0123456789', '', true]);
    expect(decoder.trailers?.entries()).toEqual([['T', 'v']]);
  });

  it('leaves the next message alone', () => {
    expect(decode('1\r\na\r\n0\r\n\r\nGET /').rest).toBe('GET /');
  });

  it.each([
    '5\nhello\r\n0\r\n\r\n',
    '0x5\r\nhello\r\n0\r\n\r\n',
    '-1\r\n\r\n',
    '\r\n0\r\n\r\n',
    '5 \r\nhello\r\n0\r\n\r\n',
    '5\r\nhelloX\r\n0\r\n\r\n',
    '111111111\r\n',
    '1;"q"\r\na\r\n0\r\n\r\n',
    '0\r\nContent-Length: 5\r\n\r\n',
    '0\r\nA: 1\n\r\n',
  ])('refuses %j', (text) => {
    expect(decode(text).decoder.failure).toBeDefined();
    expect(decode(text, 1).decoder.failure).toBeDefined();
  });
});

describe('parseResponseHead', () => {
  const read = (lines: string, method = 'GET') => parseResponseHead(headText(`${lines}\r\n\r\n`), method, 20);

  it.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 3', 'GET', 3],
    ['HTTP/1.1 200 OK\r\nContent-Length: 3', 'HEAD', 0],
    ['HTTP/1.1 304 Not Modified\r\nContent-Length: 3', 'GET', 0],
    ['HTTP/1.1 200\r\nTransfer-Encoding: chunked', 'GET', -1],
    ['HTTP/1.1 200 ', 'GET', -2],
  ])('frames %j for %s as %d', (lines, method, framing) => {
    expect(read(lines, method)).toMatchObject({ framing });
  });

  it.each([
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked',
    // llhttp reads this body until the connection closes.
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\t',
    'HTTP/1.0 100 Continue',
    'HTTP/1.1 103 Early Hints\r\nConnection: close',
    'HTTP/1.1 200 OK\r\nA: 1\r\n 2',
    'HTTP/1.1 99 Odd',
    'HTTP/2 200 OK',
    'HTTP/1.1 204 None\r\nTransfer-Encoding: chunked',
  ])('refuses %j', (lines) => {
    expect(read(lines)).toHaveProperty('code');
  });
});
