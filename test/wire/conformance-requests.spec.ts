import { readAnswers } from '#testing';
import { head, sized, WireGateway } from './gateway.ts';
import { chunked, get, HOST, LAST, post, SeenRequests } from './seen-requests.ts';

/**
 * Cases of five public lists of HTTP/1.1 conformance and desync tests (llhttp, h11, Http11Probe, http-garden, h1spec), in
 * this project's own words: what is sent and what becomes of it. Here those about the form of requests; where a body ends
 * is in `conformance-desync`, what services answer in `conformance-answers`. Left out: the lenient modes of llhttp, which
 * this codec does not have, and what only a parser shows that nobody sees on the wire. Where this project is stricter than
 * a list, the row says why.
 */
const wire = WireGateway.use();
const service = SeenRequests.use();

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
    // From llhttp's lists
    ['a space in the target', `GET /foo bar/ HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a space and no version', `GET / \r\n${HOST}\r\n`, 400],
    ['a protocol that ends like HTTP', `GET / IHTTP/1.0\r\n${HOST}\r\n`, 400],
    ['CONNECT of HTTP/1.0, whose host is in capitals', 'CONNECT A.EXAMPLE:443 HTTP/1.0\r\n\r\n', 405],
    ['CONNECT with bytes behind it', 'CONNECT a_0:443 HTTP/1.0\r\nContent-Length: 4\r\n\r\ndata', 405],
    ['an asterisk with M-SEARCH, which belongs to SSDP over UDP', `M-SEARCH * HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['an at sign in a name', get('Fo@: 1\r\n'), 400],
    ['a name folded before its colon', get('X\r\n : 1\r\n'), 400],
    ['CR in a name', get('X\rY: 1\r\n'), 400],
    ['a name torn by CR, an escape and bytes above ASCII', get('Connection\r\x1b5\xd5eep-Alive\r\n'), 400],
    ['CR alone behind an empty value', get('X:\rY: 2\r\n'), 400],
    ['LF alone behind an empty value', get('X:\nY: 2\r\n'), 400],
    ['LF alone everywhere', 'GET / HTTP/1.1\nHost: a\nX: 1\n\n', 400],
    ['a value folded by LF alone', get('X: 1\n 2\r\n'), 400],
    // llhttp joins folded lines; RFC 9112 5.2 lets a server refuse them, and not all servers join alike.
    ['a folded Connection', get('Connection: x,\r\n keep-alive\r\n'), 400],
    ['a certificate folded over many lines', get('X-Cert: BEGIN\r\n\tMIIF\r\n\tRA==\r\n\tEND\r\n'), 400],
    // From h1spec
    ['words before the request line', `Extra lineGET / HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['CR before a name', get('\rX: 1\r\n'), 400],
    ['the last version that fits', `GET / HTTP/9.9\r\n${HOST}\r\n`, 505],
    ['a body and no Host', 'GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello', 400],
    // From http-garden
    ['a minor version of two digits', `GET / HTTP/1.32\r\n${HOST}\r\n`, 400],
    ['a version beyond 2^32', `GET / HTTP/4294967297.1\r\n${HOST}\r\n`, 400],
    ['CR within the version', `GET / HTTP/\r\r1.1\r\n${HOST}\r\n`, 400],
    ['a version of dots', `\0 / HTTP/....0596.7.\r\n${HOST}\r\n`, 400],
    ['a method that begins well', `G=":<>(e),[T];?" / HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a target of one mark', `GET ! HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['LF between target and version', `GET /\nHTTP/1.1\r\n${HOST}\r\n`, 400],
    ['NUL and CR in a value', get('X: v\0\ralue\r\n'), 400],
    ['LF, CR and NUL in a value', get('X: v\n\r\0\r\n'), 400],
    ['NUL at the end of a value', get('X: v\0\r\n'), 400],
    ['an empty name with an empty value, which some take for the end', get(':\r\nX: cut off\r\n'), 400],
    ['an empty name before all others', `GET / HTTP/1.1\r\n: 1\r\n${HOST}\r\n`, 400],
    ['a name and a value parted by a space', get('X 1\r\n'), 400],
    ['NUL in a name', get('X\0Y: 1\r\n'), 400],
    ['LF in a name', get('Te\nst: 1\r\n'), 400],
    ['a line of NUL behind another, which some join', get('X: 1\r\nY\0\r\n'), 400],
    // Others
    ['an expectation that nobody knows', get('Expect: 200-ok\r\n'), 417],
  ])('%s', async (_, bytes, status) => {
    const port = await wire.serve([service.port], { limits: { headerTimeoutMs: 1_000 } });
    const answers = readAnswers(await wire.talk(port, bytes + LAST));
    expect(answers.map((answer) => answer.status)).toEqual([status]);
    expect(answers[0]?.headers['connection']).toBe('close');
    expect(service.seen).toEqual([]);
    expect(wire.outcomes()).toEqual(['client-bad-request']);
  });

  it('every byte that is no token character, in a name', async () => {
    const port = await wire.serve([service.port]);
    const token = /[!#$%&'*+\-.^_`|~0-9A-Za-z:]/;
    const bytes = Array.from({ length: 256 }, (_byte, code) => String.fromCharCode(code)).filter((c) => !token.test(c));
    const statuses = bytes.map(async (byte) => (await wire.answers(port, get(`X${byte}Y: 1\r\n`) + LAST))[0]?.status);
    expect(await Promise.all(statuses)).toEqual(bytes.map(() => 400));
    expect(service.seen).toEqual([]);
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
    // From llhttp's lists
    ['a tab and a space before a value', get('X:\t 1\r\n'), 'GET /'],
    ['a value of plus signs behind the colon', get('aaaaaaaaaaaaa:++++++++++\r\n'), 'GET /'],
    ['a Host with an equals sign', 'GET / HTTP/1.1\r\nHost: 0.0.0.0=5000\r\n\r\n', 'GET /'],
    ['a Host with an underscore', 'GET / HTTP/1.1\r\nHost: home_0.example\r\n\r\n', 'GET /'],
    ['quotes and backslashes in a target', `GET /"a"?b=\\"c\\" HTTP/1.1\r\n${HOST}\r\n`, 'GET /"a"?b=\\"c\\"'],
    ['a bar in a query', `GET /?a=| HTTP/1.1\r\n${HOST}\r\n`, 'GET /?a=|'],
    ['an absolute target with a port', 'GET http://a:1234 HTTP/1.1\r\nHost: a:1234\r\n\r\n', 'GET /'],
    ['a query behind the port', 'GET http://a:1234?b=c HTTP/1.1\r\nHost: a:1234\r\n\r\n', 'GET /?b=c'],
    ['lines of an old browser', get('Accept-Charset: utf-8;q=0.7,*;q=0.7\r\nKeep-Alive: 300\r\n'), 'GET /'],
    ['an empty line behind a body', post('Content-Length: 4\r\n', 'q=42\r\n'), 'POST / q=42'],
    [
      'a PUT without a body that keeps the connection',
      `PUT / HTTP/1.1\r\n${HOST}Connection: keep-alive\r\n\r\n`,
      'PUT /',
    ],
    ['a length in odd case', post('conTENT-Length: 5\r\n', 'HELLO'), 'POST / HELLO'],
    ['a line behind the length', post('Content-Length: 3\r\nX: y\r\n', 'abc'), 'POST / abc'],
    ['a name that begins like Content-Length', get('Content-Length-X: 7\r\n'), 'GET /'],
    [
      'trailers that describe',
      chunked('5\r\nhello\r\n0\r\nVary: *\r\nContent-Type: text/plain\r\n\r\n'),
      'POST / hello',
    ],
    ['many extensions', chunked('5;a;b=c;d=e\r\nhello\r\n6;f;g\r\n world\r\n000\r\n\r\n'), 'POST / hello world'],
    // What comes of an offer to upgrade is the service's to say; until it does, the connection speaks HTTP/1.1.
    ['an offer that is not taken', get('Connection: keep-alive, upgrade\r\nUpgrade: WebSocket\r\n'), 'GET /'],
    [
      'an offer with a body',
      post('Connection: upgrade\r\nContent-Length: 4\r\nUpgrade: ws\r\n', 'abcd'),
      'POST / abcd',
    ],
    [
      'an offer of HTTP/2.0',
      post('Connection: Upgrade\r\nUpgrade: HTTP/2.0\r\nContent-Length: 2\r\n', 'ab'),
      'POST / ab',
    ],
    // From h1spec and http-garden
    ['an empty value behind a tabbed Host', 'GET / HTTP/1.1\r\nhoSt:\ta\r\nempty:\r\n\r\n', 'GET /'],
    ['a mark in a name', get('Te!st: a\r\n'), 'GET /'],
  ])('%s', async (_, bytes, expected) => {
    const port = await wire.serve([service.port]);
    const answers = readAnswers(await wire.talk(port, bytes + LAST), [/^(?:\r\n)?(\S+)/.exec(bytes)?.[1] ?? '']);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(service.seen).toEqual([expected, 'GET /last']);
    expect(wire.outcomes()).toEqual(['success', 'success']);
  });

  it("an expectation without a body is the service's to answer", async () => {
    const port = await wire.serve([service.port]);
    const answers = await wire.answers(port, get('Expect: 100-continue\r\n') + LAST);
    expect(answers.map(({ status }) => status)).toEqual([100, 200, 200]);
  });

  // llhttp knows a list of methods, and which of them belong to RTSP; RFC 9110 9.1 leaves them to the service.
  it.each([
    'ANNOUNCE',
    'MKCOLA',
    'REPORT',
    'PURGE',
    'SEARCH',
    'LINK',
    'UNLINK',
    'SOURCE',
    'PATCH',
    'M-SEARCH',
    'QUERY',
    '!',
  ])('the method %s', async (method) => {
    const origin = await wire.origin((_, socket) => void socket.write(sized('ok')));
    const answers = await wire.answers(await wire.serve([origin.port]), head(method, '/') + LAST);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(origin.connections[0]).toMatch(new RegExp(`^${method} / HTTP/1\\.1\r\n`));
  });

  it('bytes above ASCII around a value are part of it, and reach the service as they came', async () => {
    const origin = await wire.origin((_, socket) => void socket.write(sized('ok')));
    await wire.talk(
      await wire.serve([origin.port]),
      head('GET', '/', 'User: \x85admin\xa0\r\nTest: D\xfcs\xff\r\n') + LAST,
    );
    expect(origin.connections[0]).toContain('\r\nUser: \x85admin\xa0\r\nTest: D\xfcs\xff\r\n');
  });
});

describe('read as the last request of its connection, whatever follows', () => {
  it.each<[string, string, string]>([
    ['HTTP/1.0', 'PUT /url HTTP/1.0\r\n\r\n', 'PUT /url'],
    ['HTTP/1.0 with a length of zero', 'PUT /url HTTP/1.0\r\nContent-Length: 0\r\n\r\n', 'PUT /url'],
    ['HTTP/1.0 with a body', 'GET /url HTTP/1.0\r\nconTENT-Length: 5\r\n\r\nHELLO', 'GET /url HELLO'],
    ['HTTP/1.0 of a load generator', 'GET /url HTTP/1.0\r\nHost: 0.0.0.0:5000\r\nAccept: */*\r\n\r\n', 'GET /url'],
    ['close', `PUT /url HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`, 'PUT /url'],
    [
      'close behind a body and an empty line',
      post('Content-Length: 4\r\nConnection: close\r\n', 'q=42\r\n'),
      'POST / q=42',
    ],
    [
      'close among other tokens, keep-alive too',
      get('Connection: close, token, upgrade, token, keep-alive\r\n'),
      'GET /',
    ],
    ['close and no request behind it', `${get('Connection: close\r\n')}Invalid\r\n\r\n`, 'GET /'],
  ])('%s', async (_, bytes, expected) => {
    const answers = await wire.answers(await wire.serve([service.port]), bytes + LAST);
    expect(answers).toMatchObject([{ status: 200, complete: true, headers: { connection: 'close' } }]);
    expect(service.seen).toEqual([expected]);
    expect(wire.outcomes()).toEqual(['success']);
  });
});

describe('a request that comes in two parts', () => {
  const WHOLE = `GET /hello HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;
  const places = Array.from({ length: WHOLE.length - 1 }, (_, index) => index + 1);

  it('is waited for wherever it is cut, and then given up', async () => {
    const port = await wire.serve([service.port], { limits: { headerTimeoutMs: 50 } });
    const statuses = places.map(async (at) => (await wire.answers(port, WHOLE.slice(0, at)))[0]?.status);
    expect(await Promise.all(statuses)).toEqual(places.map(() => 408));
    expect(service.seen).toEqual([]);
  });

  it('is answered wherever it is cut', async () => {
    const port = await wire.serve([service.port]);
    for (const at of places) {
      const client = await wire.client(port);
      client.send(WHOLE.slice(0, at));
      await new Promise(setImmediate);
      expect(readAnswers(await client.send(WHOLE.slice(at)).end())).toMatchObject([{ status: 200, body: 'ok' }]);
    }
  });

  it.each([
    ['its head', 'PUT / HTTP/1.1\r\nContent-Leng', ''],
    ['its body', `PUT / HTTP/1.1\r\n${HOST}Content-Length: 100\r\n\r\nx`, ''],
    ['its chunks', chunked('3\r\nfoo\r\n'), ''],
  ])('and whose client ends within %s is no request', async (_, bytes, expected) => {
    const client = await wire.client(await wire.serve([service.port]));
    client.send(bytes).socket.end();
    expect(await client.end()).toBe(expected);
    expect(await wire.recorded(1)).toMatchObject([{ outcome: 'client-aborted' }]);
    expect(service.seen).toEqual([]);
  });
});
