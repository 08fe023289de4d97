import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { listeningPort, readAnswers } from '#testing';
import { sized, WireGateway } from './gateway.ts';

/**
 * Cases that public lists of HTTP/1.1 conformance and desync tests agree on (those of llhttp, h11, Http11Probe,
 * http-garden, h1spec), in this project's own words: what is sent, what becomes of it, and why.
 */
const wire = WireGateway.use();

const HOST = 'Host: a\r\n';
const get = (lines: string): string => `GET / HTTP/1.1\r\n${HOST}${lines}\r\n`;
const post = (lines: string, body: string): string => `POST / HTTP/1.1\r\n${HOST}${lines}\r\n${body}`;
const chunked = (body: string): string => post('Transfer-Encoding: chunked\r\n', body);
const LAST = `GET /last HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;

let seen: string[];
let service: Server;
beforeEach(async () => {
  seen = [];
  service = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString('latin1')));
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${body}`.trim());
      response.end('ok');
    });
  });
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
});
afterEach(() => void service.close());

describe('refused, and the connection closed, so that nothing behind it is taken for a request', () => {
  it.each<[string, string, number]>([
    // Request line
    ['two spaces behind the method', `GET  / HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['two spaces behind the target', `GET /  HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a tab for a space', `GET\t/ HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a space before the method', ` GET / HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a space behind the version', `GET / HTTP/1.1 \r\n${HOST}\r\n`, 400],
    ['no target', `GET HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['no version: HTTP/0.9', `GET /\r\n${HOST}\r\n`, 400],
    ['a method that is no token', `GE(T / HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a fragment in the target', `GET /a#b HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a control character in the target', `GET /a\0b HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a byte above ASCII in the target', `GET /\xe9 HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['overlong UTF-8 in the target', `GET /\xc0\xaf HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a relative target', `GET a HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['an asterisk without OPTIONS', `GET * HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a target of another scheme', `GET ftp://a/ HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a target with user information', `GET http://u@a/ HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['CONNECT', `CONNECT a:443 HTTP/1.1\r\n${HOST}\r\n`, 405],
    ['a version of another major number', `GET / HTTP/5.6\r\n${HOST}\r\n`, 505],
    ['HTTP/1.2', `GET / HTTP/1.2\r\n${HOST}\r\n`, 505],
    ['a version without minor number', `GET / HTTP/1\r\n${HOST}\r\n`, 400],
    ['a version with leading zeros', `GET / HTTP/01.1\r\n${HOST}\r\n`, 400],
    ['a version with a space', `GET / HTTP/ 1.1\r\n${HOST}\r\n`, 400],
    ['a version in lower case', `GET / http/1.1\r\n${HOST}\r\n`, 400],
    ['the protocol of IceCast', `GET / ICE/1.0\r\n${HOST}\r\n`, 400],
    ['the protocol of RTSP', `PUT / RTSP/1.0\r\n${HOST}\r\n`, 400],
    ['an empty line of LF before it', `\n${get('')}`, 400],
    ['TLS on a plain port', '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n\r\n', 400],
    // Line ends
    ['LF behind the request line', `GET / HTTP/1.1\n${HOST}\r\n`, 400],
    ['LF behind a header line', get('X: 1\nY: 2\r\n'), 400],
    ['LF for the empty line', `GET / HTTP/1.1\r\nHost: a\r\n\n\r\n\r\n`, 400],
    ['CR alone behind a value', get('X: 1\rY: 2\r\n'), 400],
    ['CR alone behind the request line', `GET / HTTP/1.1\r${HOST}\r\n`, 400],
    ['CR and another byte for the empty line', `GET / HTTP/1.1\r\n${HOST}\rZGET /evil HTTP/1.1\r\n\r\n`, 400],
    // Header lines
    ['a folded line', get('X: 1\r\n 2\r\n'), 400],
    ['a line folded with a tab', get('X: 1\r\n\t2\r\n'), 400],
    ['a space before the first line', `GET / HTTP/1.1\r\n Host: a\r\n\r\n`, 400],
    ['a space before the colon', get('X : 1\r\n'), 400],
    ['a tab before the colon', get('X\t: 1\r\n'), 400],
    ['no name', get(': 1\r\n'), 400],
    ['no colon', get('X\r\n'), 400],
    ['a name that is no token', get('X[1]: 1\r\n'), 400],
    ['a byte above ASCII in a name', get('X\xe9: 1\r\n'), 400],
    ['a control character in a name', get('X\x01: 1\r\n'), 400],
    ['NUL in a value', get('X: a\0b\r\n'), 400],
    ['a control character in a value', get('X: a\x07b\r\n'), 400],
    ['DEL in a value', get('X: a\x7fb\r\n'), 400],
    // Host
    ['no Host', 'GET / HTTP/1.1\r\nX: 1\r\n\r\n', 400],
    ['Host twice', get('Host: b\r\n'), 400],
    ['Host twice, alike', get('Host: a\r\n'), 400],
    ['a list in Host', 'GET / HTTP/1.1\r\nHost: a, b\r\n\r\n', 400],
    ['a path in Host', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 400],
    ['user information in Host', 'GET / HTTP/1.1\r\nHost: u@a\r\n\r\n', 400],
    ['a port of letters', 'GET / HTTP/1.1\r\nHost: a:b\r\n\r\n', 400],
    ['another host than the target names', 'GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    // Content-Length
    ['a length of letters', post('Content-Length: abc\r\n', ''), 400],
    ['an empty length', post('Content-Length:\r\n', ''), 400],
    ['a length with a plus', post('Content-Length: +5\r\n', 'hello'), 400],
    ['a negative length', post('Content-Length: -1\r\n', ''), 400],
    ['minus zero', post('Content-Length: -0\r\n', ''), 400],
    ['a hexadecimal length', post('Content-Length: 0x5\r\n', 'hello'), 400],
    ['an octal length', post('Content-Length: 0o5\r\n', 'hello'), 400],
    ['leading zeros, which some read as octal', post('Content-Length: 0012\r\n', 'hello hello!'), 400],
    ['an underscore in the length', post('Content-Length: 1_0\r\n', 'hello'), 400],
    ['a space in the length', post('Content-Length: 1 0\r\n', 'hello'), 400],
    ['a fraction', post('Content-Length: 5.0\r\n', 'hello'), 400],
    ['a length beyond 2^64', post('Content-Length: 18446744073709551621\r\n', 'hello'), 400],
    ['two lengths', post('Content-Length: 5\r\nContent-Length: 6\r\n', 'hello'), 400],
    ['two equal lengths', post('Content-Length: 5\r\nContent-Length: 5\r\n', 'hello'), 400],
    ['a list of lengths', post('Content-Length: 5, 5\r\n', 'hello'), 400],
    // Transfer-Encoding
    ['length and chunks', post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), 400],
    ['chunks and length', post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n'), 400],
    ['an unknown coding', post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'), 400],
    ['identity', post('Transfer-Encoding: identity\r\n', ''), 400],
    ['no coding', post('Transfer-Encoding:\r\n', '0\r\n\r\n'), 400],
    ['chunked that is not the last', post('Transfer-Encoding: chunked, gzip\r\n', '0\r\n\r\n'), 400],
    ['a coding before chunked', post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'), 400],
    ['chunked twice', post('Transfer-Encoding: chunked, chunked\r\n', '0\r\n\r\n'), 400],
    ['chunked in two lines', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), 400],
    ['a comma behind chunked', post('Transfer-Encoding: chunked,\r\n', '0\r\n\r\n'), 400],
    ['a comma before chunked', post('Transfer-Encoding: ,chunked\r\n', '0\r\n\r\n'), 400],
    ['quotes around chunked', post('Transfer-Encoding: "chunked"\r\n', '0\r\n\r\n'), 400],
    ['a parameter behind chunked', post('Transfer-Encoding: chunked;a=b\r\n', '0\r\n\r\n'), 400],
    ['a vertical tab before chunked', post('Transfer-Encoding: \vchunked\r\n', '0\r\n\r\n'), 400],
    ['a form feed before chunked', post('Transfer-Encoding: \fchunked\r\n', '0\r\n\r\n'), 400],
    ['NUL behind chunked', post('Transfer-Encoding: chunked\0\r\n', '0\r\n\r\n'), 400],
    ['a no-break space before chunked', post('Transfer-Encoding: \xa0chunked\r\n', '0\r\n\r\n'), 400],
    ['a space before the colon of the coding', post('Transfer-Encoding : chunked\r\n', '0\r\n\r\n'), 400],
    ['a folded coding', post('Transfer-Encoding:\r\n chunked\r\n', '0\r\n\r\n'), 400],
    ['chunks in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    // Chunks
    ['a chunk size of letters', chunked('zz\r\n'), 400],
    ['an empty chunk size', chunked('\r\n\r\n'), 400],
    ['a hexadecimal prefix', chunked('0x5\r\nhello\r\n0\r\n\r\n'), 400],
    ['a sign', chunked('+5\r\nhello\r\n0\r\n\r\n'), 400],
    ['a negative size', chunked('-1\r\n'), 400],
    ['an underscore', chunked('1_0\r\n'), 400],
    ['a space before the size', chunked(' 5\r\nhello\r\n0\r\n\r\n'), 400],
    ['a space behind the size', chunked('5 \r\nhello\r\n0\r\n\r\n'), 400],
    ['a size beyond 2^64', chunked('fffffffffffffffff\r\n'), 400],
    ['LF behind the size', chunked('5\nhello\r\n0\r\n\r\n'), 400],
    ['CR alone behind the size', chunked('5\rhello\r\n0\r\n\r\n'), 400],
    ['more bytes than the size says', chunked('5\r\nhello!!\r\n0\r\n\r\n'), 400],
    ['no line end behind the bytes', chunked('5\r\nhello0\r\n\r\n'), 400],
    ['LF behind the bytes', chunked('5\r\nhello\n0\r\n\r\n'), 400],
    ['an extension without a name', chunked('5;\r\nhello\r\n0\r\n\r\n'), 400],
    ['NUL in an extension', chunked('5;a\0\r\nhello\r\n0\r\n\r\n'), 400],
    ['CR in an extension', chunked('5;a\rb\r\nhello\r\n0\r\n\r\n'), 400],
    ['LF in an extension', chunked('5;a\nhello\r\n0\r\n\r\n'), 400],
    ['LF behind a trailer', chunked('0\r\nX: 1\n\r\n'), 400],
    ['a space before the colon of a trailer', chunked('0\r\nX : 1\r\n\r\n'), 400],
    ['a trailer that frames', chunked('0\r\nContent-Length: 5\r\n\r\n'), 400],
    ['a trailer that routes', chunked('0\r\nHost: b\r\n\r\n'), 400],
    // Others
    ['an expectation that nobody knows', get('Expect: 200-ok\r\n'), 417],
  ])('%s', async (_, bytes, status) => {
    const port = await wire.serve([listeningPort(service)], { limits: { headerTimeoutMs: 1_000 } });
    const answers = readAnswers(await wire.talk(port, bytes + LAST));
    expect(answers.map((answer) => answer.status)).toEqual([status]);
    expect(answers[0]?.headers['connection']).toBe('close');
    expect(seen).toEqual([]);
    expect(wire.outcomes()).toEqual(['client-bad-request']);
  });
});

describe('read as one request, whole, with the next one behind it', () => {
  it.each<[string, string, string]>([
    ['no body', get(''), 'GET /'],
    ['an empty value', get('X:\r\n'), 'GET /'],
    ['no space behind the colon', 'GET / HTTP/1.1\r\nHost:a\r\n\r\n', 'GET /'],
    ['much space around a value', get('X: \t 1 \t \r\n'), 'GET /'],
    ['bytes above ASCII in a value', get('X: \xe9\xff\r\n'), 'GET /'],
    ['all token characters in a name', get("!#$%&'*+-.^_`|~09AZaz: 1\r\n"), 'GET /'],
    ['names in any case', 'GET / HTTP/1.1\r\nhOsT: a\r\n\r\n', 'GET /'],
    ['a method of its own', `M-SEARCH / HTTP/1.1\r\n${HOST}\r\n`, 'M-SEARCH /'],
    ['an absolute target', `GET http://a/b?c=d HTTP/1.1\r\n${HOST}\r\n`, 'GET /b?c=d'],
    ['an absolute target without a path', `GET http://a?c HTTP/1.1\r\n${HOST}\r\n`, 'GET /?c'],
    ['a query of question marks', `GET /?a=?&b=/ HTTP/1.1\r\n${HOST}\r\n`, 'GET /?a=?&b=/'],
    ['a target of escapes', `GET /%00%2f..%5c HTTP/1.1\r\n${HOST}\r\n`, 'GET /%00%2f..%5c'],
    ['an IPv6 host', 'GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n', 'GET /'],
    ['OPTIONS of everything', `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, 'OPTIONS *'],
    ['one empty line before it', `\r\n${get('')}`, 'GET /'],
    ['a POST without framing: no body', post('', ''), 'POST /'],
    ['length zero', post('Content-Length: 0\r\n', ''), 'POST /'],
    ['a length', post('Content-Length: 5\r\n', 'hello'), 'POST / hello'],
    ['space around a length', post('Content-Length:  5 \r\n', 'hello'), 'POST / hello'],
    ['a GET with a body', `GET / HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nhello`, 'GET / hello'],
    [
      'a body that looks like a request',
      post('Content-Length: 18\r\n', 'GET /evil HTTP/1.1'),
      'POST / GET /evil HTTP/1.1',
    ],
    ['chunks', chunked('5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n'), 'POST / hello!'],
    ['no chunk but the last', chunked('0\r\n\r\n'), 'POST /'],
    ['chunked in any case', post('Transfer-Encoding: ChUnKeD\r\n', '5\r\nhello\r\n0\r\n\r\n'), 'POST / hello'],
    ['space around chunked', post('Transfer-Encoding:   chunked \r\n', '5\r\nhello\r\n0\r\n\r\n'), 'POST / hello'],
    ['sizes in upper case', chunked('A\r\n0123456789\r\n0\r\n\r\n'), 'POST / 0123456789'],
    ['zeros before a size', chunked('0005\r\nhello\r\n000\r\n\r\n'), 'POST / hello'],
    ['chunk extensions', chunked('5;a;b=c\r\nhello\r\n0;last\r\n\r\n'), 'POST / hello'],
    ['trailers', chunked('5\r\nhello\r\n0\r\nX: 1\r\nY: 2\r\n\r\n'), 'POST / hello'],
    ['line ends within a chunk', chunked('8\r\na\r\n0\r\n\r\n\r\n0\r\n\r\n'), 'POST / a\r\n0'],
    ['keep-alive in so many words', get('Connection: keep-alive\r\n'), 'GET /'],
  ])('%s', async (_, bytes, expected) => {
    const port = await wire.serve([listeningPort(service)]);
    const answers = readAnswers(await wire.talk(port, bytes + LAST), [/^(?:\r\n)?(\S+)/.exec(bytes)?.[1] ?? '']);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(seen).toEqual([expected, 'GET /last']);
    expect(wire.outcomes()).toEqual(['success', 'success']);
  });
});

describe('answers of a service', () => {
  it.each<[string, string]>([
    ['another protocol', 'ICY 200 OK\r\n\r\n'],
    ['another major version', 'HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['a version without minor number', 'HTTP/1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n'],
    ['a status below 100', 'HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n'],
    ['no status', 'HTTP/1.1 OK\r\nContent-Length: 0\r\n\r\n'],
    ['two spaces before the status', 'HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['an empty line before it', '\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['LF behind the status line', 'HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n'],
    ['a control character in the reason', 'HTTP/1.1 200 O\x01K\r\nContent-Length: 0\r\n\r\n'],
    ['CR in the reason', 'HTTP/1.1 200 OK\rX: 1\r\nContent-Length: 0\r\n\r\n'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n'],
    ['a folded line', 'HTTP/1.1 200 OK\r\nX: 1\r\n 2\r\nContent-Length: 0\r\n\r\n'],
    ['a line without a colon', 'HTTP/1.1 200 OK\r\nX\r\nContent-Length: 0\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n'],
    ['a length of letters', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['an unknown coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n'],
    ['NUL in a value', 'HTTP/1.1 200 OK\r\nX: \0\r\nContent-Length: 0\r\n\r\n'],
  ])('are refused for %s', async (_, bytes) => {
    const origin = await wire.origin((_received, socket) => void socket.write(bytes, 'latin1'));
    const answers = await wire.answers(await wire.serve([origin.port]), LAST);
    expect(answers.map(({ status }) => status)).toEqual([502]);
    expect(wire.outcomes()).toEqual(['upstream-bad-response']);
    await origin.until(({ closed, connections }) => closed === connections.length);
  });

  it.each<[string, string, number, string]>([
    ['no reason', 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok', 200, 'ok'],
    ['no space behind the status', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok', 200, 'ok'],
    ['a status that nobody knows', 'HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nok', 999, 'ok'],
    ['no framing: until the end', 'HTTP/1.1 200 OK\r\n\r\nok', 200, 'ok'],
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', 200, 'ok'],
    [
      'chunks in HTTP/1.1 and a length of zero in 304',
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n',
      304,
      '',
    ],
    ['a 205 with length zero', 'HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n', 205, ''],
  ])('are passed on with %s', async (_, bytes, status, body) => {
    const origin = await wire.origin((_received, socket) => void socket.end(bytes, 'latin1'));
    const answers = await wire.answers(await wire.serve([origin.port]), LAST);
    expect(answers).toMatchObject([{ status, body, complete: true }]);
  });

  it('are passed on from services that are answered a request at a time, never two', async () => {
    const origin = await wire.origin((_received, socket) => void socket.write(sized('1') + sized('2')));
    const answers = await wire.answers(await wire.serve([origin.port]), get('') + LAST);
    expect(answers.map(({ body }) => body)).toEqual(['1', '1']);
  });
});
