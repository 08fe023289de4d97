import { head, last, sized, WireGateway } from './gateway.ts';
import { get, LAST } from './seen-requests.ts';

/** The cases of the lists that `conformance-requests` names which are about answers: the gateway is the client there. */
const wire = WireGateway.use();

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
    // From llhttp's lists
    ['a protocol that lacks a letter', 'HTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['a protocol that begins like HTTP', 'HTTPER/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['RTSP, which llhttp reads too', 'RTSP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['ICE, which llhttp reads too', 'ICE/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['HTTP/0.9, which has no status line', 'HTTP/0.9 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['a major version that nobody knows', 'HTTP/5.6 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['a zero before the major version', 'HTTP/01.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['a major version of two digits', 'HTTP/11.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['a minor version of two digits', 'HTTP/1.01 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['a tab before the status', 'HTTP/1.1\t200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['CR before it', '\rHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['CR before it and a tab', '\rHTTP/1.1\t200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['a status of one digit', 'HTTP/1.1 2 OK\r\nContent-Length: 0\r\n\r\n'],
    ['CR alone between lines', 'HTTP/1.1 200 OK\r\nX: 1\rY: 2\r\nContent-Length: 0\r\n\r\n'],
    ['a space before the first line', 'HTTP/1.1 200 OK\r\n Host: a\r\nContent-Length: 0\r\n\r\n'],
    ['a space in a name', 'HTTP/1.1 200 OK\r\nen-US Content-Type: text/xml\r\nContent-Length: 0\r\n\r\n'],
    ['LF alone everywhere', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
    ['LF alone everywhere and a body', 'HTTP/1.1 200 OK\nX: 1\n\nBODY\n'],
    ['an empty coding and a length', 'HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\nContent-Length: 5\r\n\r\nhello'],
    // llhttp takes tabs around a length and not behind a coding; here they are refused around both, as in requests.
    ['tabs around the length', 'HTTP/1.1 200 OK\r\nContent-Length:\t2\t\r\n\r\nok'],
    ['a tab behind the coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\t\r\n\r\n2\r\nok\r\n0\r\n\r\n'],
    // llhttp reads these until the end; the client would be told another coding than the body has.
    ['chunked that is not the last', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, deflate\r\n\r\nWorld'],
    [
      'identity behind chunked',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\nWorld',
    ],
    ['chunked twice in one word', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunkedchunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n'],
    ['chunked, folded', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n  abc\r\n\r\n5\r\nWorld\r\n0\r\n\r\n'],
    // llhttp takes the chunks for a body before the other protocol begins; RFC 9112 6.1 forbids the coding here.
    [
      'a switch of protocols with chunks',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
  ])('are refused for %s', async (_, bytes) => {
    const origin = await wire.origin((_received, socket) => void socket.write(bytes, 'latin1'));
    const offer = bytes.includes(' 101 ') ? 'Connection: upgrade\r\nUpgrade: x\r\n' : 'Connection: close\r\n';
    const client = await wire.client(await wire.serve([origin.port]));
    expect(await client.send(head('GET', '/', offer)).until('requestId')).toMatch(/^HTTP\/1\.1 502 /);
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
    // From llhttp's lists
    ['a tab before a value', 'HTTP/1.1 200 OK\r\nX:\t 1\r\nContent-Length: 2\r\n\r\nok', 200, 'ok'],
    ['spaces around the length', 'HTTP/1.1 301 Moved\r\nX-$A: 1\r\nContent-Length:  2  \r\n\r\nok', 301, 'ok'],
    ['a second space before the reason', 'HTTP/1.1 200  OK\r\nContent-Length: 2\r\n\r\nok', 200, 'ok'],
    ['no lines at all', 'HTTP/1.1 404 Not Found\r\n\r\n', 404, ''],
    ['neither reason nor lines', 'HTTP/1.1 301\r\n\r\n', 301, ''],
    ['a space for a reason, and no lines', 'HTTP/1.1 200 \r\n\r\n', 200, ''],
    ['close and no framing', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<xml>\n</xml>', 200, '<xml>\n</xml>'],
    ['a line feed for a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n\n\r\n0\r\n\r\n', 200, '\n'],
    [
      'chunks and close',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n',
      200,
      '',
    ],
    [
      'chunk extensions',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a;b=c\r\nhello\r\n6;d;e\r\n world\r\n0\r\n\r\n',
      200,
      'hello world',
    ],
    [
      'a name that begins like Content-Length',
      'HTTP/1.1 200 OK\r\nContent-Length-X: 0\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n',
      200,
      'OK',
    ],
    ['names of dots and lines below', 'HTTP/1.1 200 OK\r\n.et-X: 1\r\n_Y: 2\r\nContent-Length: 2\r\n\r\nok', 200, 'ok'],
    ['an empty value', 'HTTP/1.0 301 Moved\r\nPragma: \r\nLocation: /b\r\nContent-Length: 0\r\n\r\n', 301, ''],
    [
      'another Proxy-Connection',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nProxy-Connection: close\r\n\r\nok',
      200,
      'ok',
    ],
    ['an answer for a body', 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK', 200, 'HTTP/1.1 200 OK'],
    [
      'keep-alive in HTTP/1.0, which gives no length',
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nHTTP/1.0 200 OK',
      200,
      'HTTP/1.0 200 OK',
    ],
    [
      'more bytes than the length says',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n2ad731e3',
      200,
      '2ad73',
    ],
    ['an answer behind 204', 'HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n\r\n', 204, ''],
    [
      'an answer behind 204 in HTTP/1.0',
      'HTTP/1.0 204 No Content\r\nConnection: keep-alive\r\n\r\nHTTP/1.0 200 OK\r\n\r\n',
      204,
      '',
    ],
    [
      'an answer behind 204 and close',
      'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
      204,
      '',
    ],
    ['an offer to upgrade', 'HTTP/1.1 200 OK\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\nbody', 200, 'body'],
    [
      'an offer to upgrade and a length',
      'HTTP/1.1 200 OK\r\nConnection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 4\r\n\r\nbody',
      200,
      'body',
    ],
    [
      'an offer to upgrade and chunks',
      'HTTP/1.1 200 OK\r\nConnection: upgrade\r\nUpgrade: h2c\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n',
      200,
      'body',
    ],
  ])('are passed on with %s', async (_, bytes, status, body) => {
    const origin = await wire.origin((_received, socket) => void socket.end(bytes, 'latin1'));
    const answers = await wire.answers(await wire.serve([origin.port]), LAST);
    expect(answers).toMatchObject([{ status, body, complete: true }]);
  });

  it.each<[string, string]>([
    ['spaces behind a size', '5  \r\nhello\r\n0\r\n\r\n'],
    ['words behind a size', '2 erfrferferf\r\naa\r\n0 rrrr\r\n\r\n'],
    ['an extension without a name', '2;\r\naa\r\n0\r\n\r\n'],
    // llhttp reads them; see the same case among the requests.
    ['a quoted extension', '5;a="I love; extensions";b\r\nhello\r\n0\r\n\r\n'],
    ['a quote that does not end', '5;a="abc";b="def; ghi\r\nhello\r\n0\r\n\r\n'],
    ['an empty size', '3\r\nfoo\r\n\r\n'],
    ['LF behind a chunk', '3\r\nfoo\n0\r\n\r\n'],
  ])('are broken off, visibly, for %s', async (_, chunks) => {
    const origin = await wire.origin(
      (_received, socket) => void socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`),
    );
    const answers = await wire.answers(await wire.serve([origin.port]), LAST);
    expect(answers).toMatchObject([{ status: 200, complete: false }]);
    expect(wire.outcomes()).toEqual(['upstream-bad-response']);
    await origin.until(({ closed }) => closed === 1);
  });

  it('are passed on from services that are answered a request at a time, never two', async () => {
    const origin = await wire.origin((_received, socket) => void socket.write(sized('1') + sized('2')));
    const answers = await wire.answers(await wire.serve([origin.port]), get('') + LAST);
    expect(answers.map(({ body }) => body)).toEqual(['1', '1']);
  });

  it('to HEAD have no body, whatever length they tell', async () => {
    let length = 123;
    const origin = await wire.origin((_received, socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`);
      length = 456;
    });
    const port = await wire.serve([origin.port]);
    const answers = await wire.answers(port, head('HEAD', '/') + last('HEAD', '/'), ['HEAD', 'HEAD']);
    expect(answers.map(({ headers }) => headers['content-length'])).toEqual(['123', '456']);
    expect(origin.connections).toHaveLength(1);
  });

  // RFC 9110 8.6 forbids the length there; llhttp, for one, would read so many bytes of the other protocol as a body.
  it.each([
    ['204', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n'],
    ['103', `HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\n${sized('')}`],
    [
      '101',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\nContent-Length: 4\r\n\r\nbodyproto',
    ],
  ])('lose a length that frames nothing (%s)', async (status, bytes) => {
    const origin = await wire.origin((_received, socket) => void socket.end(bytes));
    const offer = 'Connection: upgrade, close\r\nUpgrade: x\r\n';
    const [answer] = await wire.answers(await wire.serve([origin.port]), head('GET', '/', offer));
    expect(answer).toMatchObject({ status: Number(status), body: status === '101' ? 'bodyproto' : '' });
    expect(answer?.headers).not.toHaveProperty('content-length');
    await wire.recorded(1);
  });

  // A body behind 204 or 304 would be read as the next answer; the length of a 304 frames nothing once it is a 200.
  it.each<[number, string, string]>([
    [204, 'a length', sized('HTTP/1.1 200 OK\r\n\r\n')],
    [304, 'a length', sized('HTTP/1.1 200 OK\r\n\r\n')],
    [204, 'chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: 1\r\n\r\n'],
    [200, 'a 304 that describes five bytes', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n'],
    [200, 'a 204', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ])('keep their end when a filter makes them %d over %s', async (status, _, bytes) => {
    const origin = await wire.origin((_received, socket) => void socket.write(bytes));
    const port = await wire.serve([origin.port], { route: { filters: [{ kind: 'set-status', status }] } });
    const answers = await wire.answers(port, get('') + LAST);
    const end = { status, body: '', trailers: '', complete: true };
    expect(answers).toMatchObject([end, end]);
    expect(origin.connections).toHaveLength(1);
    expect(wire.records).toMatchObject([{ status, responseBytes: 0 }, { status }]);
  });
});
