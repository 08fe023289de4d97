import { readAnswers } from '#testing';
import { sized, WireGateway } from './gateway.ts';
import { chunked, get, HOST, LAST, post, SeenRequests } from './seen-requests.ts';

/**
 * The cases of the lists that `conformance-requests` names which are about where a request ends, and for whom it is: read
 * differently by two parties on one connection, each smuggles a request past the first.
 */
const wire = WireGateway.use();
const service = SeenRequests.use();

/** What somebody who reads differently would take for the next request. */
const SMUGGLED = `GET /smuggled HTTP/1.1\r\n${HOST}\r\n`;
const ENDED = '5\r\nhello\r\n0\r\n\r\n';

describe('refused, and the connection closed, so that nothing behind it is taken for a request', () => {
  it.each<[string, string]>([
    // Host
    ['no Host', 'GET / HTTP/1.1\r\nX: 1\r\n\r\n'],
    ['Host twice', get('Host: b\r\n')],
    ['Host twice, alike', get('Host: a\r\n')],
    ['a list in Host', 'GET / HTTP/1.1\r\nHost: a, b\r\n\r\n'],
    ['a path in Host', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n'],
    ['user information in Host', 'GET / HTTP/1.1\r\nHost: u@a\r\n\r\n'],
    ['a port of letters', 'GET / HTTP/1.1\r\nHost: a:b\r\n\r\n'],
    ['another host than the target names', 'GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['bytes above ASCII around Host', 'GET / HTTP/1.1\r\nHost: \xffa\xff\r\n\r\n'],
    ['NUL in Host, behind which some look no further', 'GET / HTTP/1.1\r\nHost: a\0.b\r\n\r\n'],
    // Content-Length
    ['a length of letters', post('Content-Length: abc\r\n', '')],
    ['an empty length', post('Content-Length:\r\n', '')],
    ['a length with a plus', post('Content-Length: +5\r\n', 'hello')],
    ['a negative length', post('Content-Length: -1\r\n', '')],
    ['minus zero', post('Content-Length: -0\r\n', '')],
    ['a hexadecimal length', post('Content-Length: 0x5\r\n', 'hello')],
    ['an octal length', post('Content-Length: 0o5\r\n', 'hello')],
    ['leading zeros, which some read as octal', post('Content-Length: 0012\r\n', 'hello hello!')],
    ['an underscore in the length', post('Content-Length: 1_0\r\n', 'hello')],
    ['a space in the length', post('Content-Length: 1 0\r\n', 'hello')],
    ['a fraction', post('Content-Length: 5.0\r\n', 'hello')],
    ['a length beyond 2^64', post('Content-Length: 18446744073709551621\r\n', 'hello')],
    ['two lengths', post('Content-Length: 5\r\nContent-Length: 6\r\n', 'hello')],
    ['two equal lengths', post('Content-Length: 5\r\nContent-Length: 5\r\n', 'hello')],
    ['a list of lengths', post('Content-Length: 5, 5\r\n', 'hello')],
    // From llhttp's lists
    ['zeros before a length: llhttp reads 3, others octal', post('Content-Length: 003\r\n', 'abc')],
    ['a length beyond 2^69', post('Content-Length: 1000000000000000000000\r\n', '')],
    ['CR for the dash of Content-Length', post('Content\rLength: 3\r\n', 'abc')],
    ['a space between digits', post('Content-Length: 13 37\r\n', '')],
    // From h1spec
    ['a negative length beyond 2^64', post('Content-Length: -123456789123456789123456789\r\n', '')],
    // From http-garden
    ['a sign and an underscore', post('Content-Length: +1_0\r\n', '0123456789')],
    ['a sign before zero', post('Content-Length: +0\r\n', '')],
    ['a negative length as long as the request', post('Content-Length: -48\r\n', '')],
    ['digits with a letter behind', post('Content-Length: 1Z\r\n', 'Z')],
    ['digits with letters behind', post('Content-Length: 1abc\r\n', 'Z')],
    ['a hexadecimal length without its body', post('Content-Length: 0x10\r\n', 'Z')],
    ['eight in octal', post('Content-Length: 010\r\n', '01234567')],
    ['a space before the colon of the length', post(`Content-Length : ${SMUGGLED.length}\r\n`, SMUGGLED)],
    ['a tab before the length in the first line', `GET / HTTP/1.1\r\n\tContent-Length: 1\r\n${HOST}\r\nX`],
    ['a length without a colon', post('Content-Length 10\r\n', '0123456789')],
    ['a next line behind the name of the length', post('Content-Length\x85: 10\r\n', '0123456789')],
    ['a no-break space behind the name of the length', post('Content-Length\xa0: 10\r\n', '0123456789')],
    ['an empty length before a request', post('Content-Length: \r\n', SMUGGLED)],
    ['an empty length before a real one', post(`Content-Length: \r\nContent-Length: ${SMUGGLED.length}\r\n`, SMUGGLED)],
    ['a length and zero', post('Content-Length: 1\r\nContent-Length: 0\r\n', 'Z')],
    ['zero and the length of a request', post(`Content-Length: 0\r\nContent-Length: ${SMUGGLED.length}\r\n`, SMUGGLED)],
    ['a length behind CR', post(`X: x\rContent-Length: ${SMUGGLED.length}\r\n`, SMUGGLED)],
    ['a length behind LF', post(`X: x\nContent-Length: ${SMUGGLED.length}\r\n`, SMUGGLED)],
    ['a length in a folded line', post(`X: x\r\n Content-Length: ${SMUGGLED.length}\r\n`, SMUGGLED)],
    ['a request behind two LF in a value', `GET / HTTP/1.1\r\n${HOST}X:\n\nGET /smuggled HTTP/1.1\r\n${HOST}\r\n`],
    [
      'an end of the head that is CR and another byte',
      `GET / HTTP/1.1\r\n${HOST}\rZGET /smuggled: HTTP/1.1\r\n${HOST}\r\n`,
    ],
    // Transfer-Encoding
    ['length and chunks', post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n')],
    ['chunks and length', post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n')],
    ['an unknown coding', post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n')],
    ['identity', post('Transfer-Encoding: identity\r\n', '')],
    ['no coding', post('Transfer-Encoding:\r\n', '0\r\n\r\n')],
    ['chunked that is not the last', post('Transfer-Encoding: chunked, gzip\r\n', '0\r\n\r\n')],
    ['a coding before chunked', post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n')],
    ['chunked twice', post('Transfer-Encoding: chunked, chunked\r\n', '0\r\n\r\n')],
    ['chunked in two lines', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n')],
    ['a comma behind chunked', post('Transfer-Encoding: chunked,\r\n', '0\r\n\r\n')],
    ['a comma before chunked', post('Transfer-Encoding: ,chunked\r\n', '0\r\n\r\n')],
    ['quotes around chunked', post('Transfer-Encoding: "chunked"\r\n', '0\r\n\r\n')],
    ['a parameter behind chunked', post('Transfer-Encoding: chunked;a=b\r\n', '0\r\n\r\n')],
    ['a vertical tab before chunked', post('Transfer-Encoding: \vchunked\r\n', '0\r\n\r\n')],
    ['a form feed before chunked', post('Transfer-Encoding: \fchunked\r\n', '0\r\n\r\n')],
    ['NUL behind chunked', post('Transfer-Encoding: chunked\0\r\n', '0\r\n\r\n')],
    ['a no-break space before chunked', post('Transfer-Encoding: \xa0chunked\r\n', '0\r\n\r\n')],
    ['a space before the colon of the coding', post('Transfer-Encoding : chunked\r\n', '0\r\n\r\n')],
    ['a folded coding', post('Transfer-Encoding:\r\n chunked\r\n', '0\r\n\r\n')],
    ['chunks in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    // From llhttp's lists
    ['no coding and a length', post('Transfer-Encoding:\r\nContent-Length: 5\r\n', 'hello')],
    [
      'a length and no coding three times',
      post(`Content-Length: 10\r\n${'Transfer-Encoding:\r\n'.repeat(3)}`, '2\r\nAA\r\n0\r\n'),
    ],
    ['identity and a length', post('Transfer-Encoding: identity\r\nContent-Length: 5\r\n', 'hello')],
    ['a length and identity', post('Content-Length: 1\r\nTransfer-Encoding: identity\r\n', 'x')],
    [
      'a coding behind chunked, in two lines',
      post('Transfer-Encoding: chunked\r\nTransfer-Encoding: deflate\r\n', 'hello'),
    ],
    // llhttp hands the bytes to a program that may know the coding; a gateway could only guess what the service knows.
    [
      'a coding before chunked, in two lines',
      post('Transfer-Encoding: deflate\r\nTransfer-Encoding: chunked\r\n', ENDED),
    ],
    ['chunked twice in one word', post('Transfer-Encoding: chunkedchunked\r\n', ENDED)],
    // Blanks that RFC 9112 allows; llhttp itself takes a tab behind a coding for a part of it.
    ['a tab before chunked', post('Transfer-Encoding:\tchunked\r\n', ENDED)],
    ['a tab behind chunked', post('Transfer-Encoding: chunked\t\r\n', ENDED)],
    ['tabs around a length', post('Content-Length:\t5\t\r\n', 'hello')],
    ['chunked, folded and something behind', post('Transfer-Encoding: chunked\r\n  abc\r\n', ENDED)],
    ['a coding behind LF', post('x:x\nTransfer-Encoding: chunked\r\n', ENDED)],
    ['a coding behind CR', post('x:\rTransfer-Encoding: chunked\r\n', ENDED)],
    ['a coding behind LF and an empty value', post('x:\nTransfer-Encoding: chunked\r\n', ENDED)],
    // From http-garden
    ['no-break spaces around chunked', post('Transfer-Encoding: \xa0chunked\xa0\r\n', ENDED)],
    ['next lines around chunked', post('Transfer-Encoding: \x85chunked\x85\r\n', ENDED)],
    ['bytes above ASCII around chunked', post('Transfer-Encoding: \xffchunked\xff\r\n', ENDED)],
    ['a comma before chunked, and a length', post('Transfer-Encoding: ,chunked\r\nContent-Length: 5\r\n', ENDED)],
    ['a name over two lines, and a length', post('Transfer-\r\nEncoding: chunked\r\nContent-Length: 5\r\n', ENDED)],
    ['a length of letters and chunks', post('Content-Length: blah\r\nTransfer-Encoding: chunked\r\n', ENDED)],
    // Chunks
    ['a chunk size of letters', chunked('zz\r\n')],
    ['an empty chunk size', chunked('\r\n\r\n')],
    ['a hexadecimal prefix', chunked('0x5\r\nhello\r\n0\r\n\r\n')],
    ['a sign', chunked('+5\r\nhello\r\n0\r\n\r\n')],
    ['a negative size', chunked('-1\r\n')],
    ['an underscore', chunked('1_0\r\n')],
    ['a space before the size', chunked(' 5\r\nhello\r\n0\r\n\r\n')],
    ['a space behind the size', chunked('5 \r\nhello\r\n0\r\n\r\n')],
    ['a size beyond 2^64', chunked('fffffffffffffffff\r\n')],
    ['LF behind the size', chunked('5\nhello\r\n0\r\n\r\n')],
    ['CR alone behind the size', chunked('5\rhello\r\n0\r\n\r\n')],
    ['more bytes than the size says', chunked('5\r\nhello!!\r\n0\r\n\r\n')],
    ['no line end behind the bytes', chunked('5\r\nhello0\r\n\r\n')],
    ['LF behind the bytes', chunked('5\r\nhello\n0\r\n\r\n')],
    ['an extension without a name', chunked('5;\r\nhello\r\n0\r\n\r\n')],
    ['NUL in an extension', chunked('5;a\0\r\nhello\r\n0\r\n\r\n')],
    ['CR in an extension', chunked('5;a\rb\r\nhello\r\n0\r\n\r\n')],
    ['LF in an extension', chunked('5;a\nhello\r\n0\r\n\r\n')],
    ['LF behind a trailer', chunked('0\r\nX: 1\n\r\n')],
    ['a space before the colon of a trailer', chunked('0\r\nX : 1\r\n\r\n')],
    ['a trailer that frames', chunked('0\r\nContent-Length: 5\r\n\r\n')],
    ['a trailer that routes', chunked('0\r\nHost: b\r\n\r\n')],
    // From llhttp's lists
    ['words behind the size without a semicolon', chunked('2 erfrferferf\r\naa\r\n0 rrrr\r\n\r\n')],
    // llhttp reads quoted values; RFC 9112 7.1.1 lets extensions be ignored, and how far a quote reaches is disputed.
    ['a quoted extension', chunked('5;a="I \\"love\\"; \\\\x\\\\";b\r\nhello\r\n0\r\n\r\n')],
    ['a quote that does not end', chunked('5;a="abc";b="def; ghi\r\nhello\r\n0\r\n\r\n')],
    ['no last chunk but an empty line', chunked('3\r\nfoo\r\n\r\n')],
    ['spaces and LF behind the size', chunked('3 \n  \r\nfoo\r\n0\r\n\r\n')],
    [
      'two CR behind the size, and a length of its own behind them',
      chunked(`5\r\r;ABCD\r\n34\r\nE\r\n0\r\n\r\n${SMUGGLED}`),
    ],
    // From http-garden
    ['an underscore in a size that spans a request', chunked(`0_2e\r\n\r\n${SMUGGLED}0\r\n\r\n`)],
    ['prefix and underscore', chunked(`0x2_e\r\n\r\n${SMUGGLED}0\r\n\r\n`)],
    ['a negative hexadecimal zero', chunked('-0x0\r\n\r\n')],
    ['a negative hexadecimal zero for the last chunk', chunked('1\r\nZ\r\n-0x0\r\n\r\n')],
    ['words behind the size', chunked('1these-bytes-never-get-validated\r\nZ\r\n0\r\n\r\n')],
    ['letters for sizes', chunked('Z\r\nZZ\r\nZZZ\r\n\r\n')],
    ['an empty size before an empty line', chunked(`\r\n\r\n${SMUGGLED}`)],
    ['a body ended by empty lines', chunked(`1\r\nZ\r\n\r\n\r\n${SMUGGLED}`)],
    ['an empty line before the last chunk', chunked(`17\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n\r\n\r\n0\r\n\r\n`)],
    ['CR before the semicolon', chunked(`2\r\r;a\r\n02\r\n41\r\n0\r\n\r\n${SMUGGLED}`)],
    ['CR before an extension behind the line', chunked('1\r\n\r;a\r\nZ\r\n0\r\n\r\n')],
    ['two CR behind an extension', chunked(`41;a=b\r\r${'X'.repeat(65)}\r\n0\r\n\r\n${SMUGGLED}`)],
    ['CR and a digit behind the size', chunked('1\r0\n')],
    ['LF behind the bytes of ten', chunked('a\r\n0123456789\n0\r\n\r\n')],
    ['spaces before the last chunk', chunked('           0\r\n\r\n')],
    ['a tab before the last chunk', chunked('\t0\r\n\r\n')],
    ['a word for a chunk, a request behind it', chunked(`INVALID!!!\r\n${SMUGGLED}`)],
  ])('%s', async (_, bytes) => {
    const port = await wire.serve([service.port], { limits: { headerTimeoutMs: 1_000 } });
    const answers = readAnswers(await wire.talk(port, bytes + LAST));
    expect(answers.map((answer) => answer.status)).toEqual([400]);
    expect(answers[0]?.headers['connection']).toBe('close');
    expect(service.seen).toEqual([]);
    expect(wire.outcomes()).toEqual(['client-bad-request']);
  });
});

describe('read with an end that nobody else can place elsewhere', () => {
  it('three requests with bodies, at once', async () => {
    const bytes = ['POST /a', 'PUT /b', 'PATCH /c'].map(
      (line, index) =>
        `${line} HTTP/1.1\r\n${HOST}Content-Length: ${index + 3}\r\n\r\n${'ABC'.charAt(index).repeat(index + 3)}`,
    );
    await wire.talk(await wire.serve([service.port]), bytes.join('') + LAST);
    expect(service.seen).toEqual(['POST /a AAA', 'PUT /b BBBB', 'PATCH /c CCCCC', 'GET /last']);
  });

  it('a request in the body of one that follows an empty body in the same packet', async () => {
    const bytes = post('Content-Length: 0\r\n', '') + post(`Content-Length: ${SMUGGLED.length}\r\n`, SMUGGLED);
    await wire.talk(await wire.serve([service.port]), bytes + LAST);
    expect(service.seen).toEqual(['POST /', `POST / ${SMUGGLED}`.trim(), 'GET /last']);
  });

  it('a byte behind a chunked body: that is answered, the byte begins a request that is none', async () => {
    const answers = await wire.answers(await wire.serve([service.port]), `${chunked('0\r\n\r\n')}\0${LAST}`);
    expect(answers.map(({ status }) => status)).toEqual([200, 400]);
    expect(service.seen).toEqual(['POST /']);
  });

  it.each([
    [
      'of a GET with a length',
      `GET / HTTP/1.1\r\n${HOST}Content-Length: 10\r\n\r\n1234567890`,
      /Content-Length: 10\r\n[^]*\r\n\r\n1234567890$/,
    ],
    // Some servers end the body at the empty line that they expect; what is forwarded is what RFC 9112 7.1.2 allows.
    [
      'with a trailer like a request line',
      chunked('0\r\nX:POST / HTTP/1.1\r\n\r\n'),
      /\r\n\r\n0\r\nX:POST \/ HTTP\/1\.1\r\n\r\n$/,
    ],
    [
      'of chunks, whose sizes are written anew',
      chunked('0005;a=b\r\nhello\r\n000;c\r\n\r\n'),
      /\r\n\r\n5\r\nhello\r\n0\r\n\r\n$/,
    ],
    ['that is empty, without a length', get(''), /^GET [^]*\r\n\r\n$/],
  ])('a body %s reaches the service with its framing', async (_, bytes, expected) => {
    const origin = await wire.origin((received, socket) => void (expected.test(received) && socket.write(sized('ok'))));
    const port = await wire.serve([origin.port]);
    const client = await wire.client(port);
    await client.send(bytes).until('ok');
    expect(origin.connections[0]).toMatch(expected);
    expect(origin.connections[0]?.match(/(Content-Length|Transfer-Encoding): /g) ?? []).toHaveLength(
      bytes.includes('GET / HTTP/1.1\r\nHost: a\r\n\r\n') ? 0 : 1,
    );
  });
});
