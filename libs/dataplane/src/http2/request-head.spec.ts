import { readRequestHead, readTrailers } from './request-head.ts';

const LIMITS = { maxHeaderBytes: 200, maxHeaderCount: 5, maxTargetBytes: 20 };
const GET = [':method', 'GET', ':scheme', 'https', ':authority', 'a.test', ':path', '/p?q'];
const read = (more: readonly string[], from: readonly string[] = GET, endStream = true) =>
  readRequestHead([...from, ...more], endStream, LIMITS);
const swapped = (name: string, value: string) => GET.map((text, at) => (GET[at - 1] === name ? value : text));

it('reads a request as HTTP/1.1 would have it', () => {
  const head = read(['cookie', 'a=1', 'x', '1', 'cookie', 'b=2']);
  expect(head).toMatchObject({ method: 'GET', path: '/p', query: 'q', authority: 'a.test', framing: 0, http10: false });
  if ('code' in head) throw new Error(head.code);
  expect(head.headers.entries()).toEqual([
    ['host', 'a.test'],
    ['x', '1'],
    ['cookie', 'a=1; b=2'],
  ]);
  expect(head.headers.serialize(0)).toBe('host: a.test\r\nx: 1\r\ncookie: a=1; b=2\r\n');
});

it('tells the body by its length, or by what follows', () => {
  expect(read(['content-length', '7'], GET, false)).toMatchObject({ framing: 7 });
  expect(read([], GET, false)).toMatchObject({ framing: -1 });
  expect(read(['content-length', '0'])).toMatchObject({ framing: 0 });
});

it('makes WebSocket over HTTP/2 the upgrade that services know', () => {
  const connect = [...swapped(':method', 'CONNECT'), ':protocol', 'websocket'];
  expect(read([], connect, false)).toMatchObject({ method: 'GET', upgrade: 'websocket', framing: 0 });
});

// nghttp2 lets none of these through today; the data plane does not depend on it.
it.each<[string, string, readonly string[]]>([
  ['bad-header-value', 'CR LF', ['x', 'a\r\nb: c']],
  ['bad-header-value', 'NUL', ['x', 'a\0']],
  ['bad-header-value', 'blanks around', ['x', ' a']],
  ['bad-header-name', 'upper case', ['X', 'a']],
  ['bad-header-name', 'CR LF in the name', ['x\r\ny', 'a']],
  ['bad-header-name', 'no name', ['', 'a']],
  ['bad-pseudo-header', 'late pseudo-header', ['x', 'a', ':path', '/']],
  ['bad-pseudo-header', 'repeated pseudo-header', [':path', '/']],
  ['bad-pseudo-header', 'unknown pseudo-header', [':x', '/']],
  ['connection-field', 'Transfer-Encoding', ['transfer-encoding', 'chunked']],
  ['connection-field', 'Connection', ['connection', 'close']],
  ['connection-field', 'Upgrade', ['upgrade', 'websocket']],
  ['two-lengths', 'two lengths', ['content-length', '0', 'content-length', '0']],
  ['bad-content-length', 'a length that is none', ['content-length', '1,1']],
  ['bad-content-length', 'a length without a body', ['content-length', '1']],
  ['host-mismatch', 'another Host', ['host', 'b.test']],
  ['bad-expectation', 'an unknown expectation', ['expect', 'tea']],
  ['too-many-headers', 'many fields', ['a', '', 'b', '', 'c', '', 'd', '', 'e', '']],
  ['headers-too-large', 'long fields', ['a', 'x'.repeat(200)]],
  ['headers-too-large', 'long cookies', ['cookie', 'x'.repeat(120), 'cookie', 'x'.repeat(120)]],
])('refuses with %s: %s', (code, _what, more) => {
  expect(read(more)).toMatchObject({ code });
});

it.each<[string, string, string]>([
  ['bad-method', ':method', 'GET /'],
  ['bad-method', ':method', ''],
  ['bad-target', ':path', 'p'],
  ['bad-target', ':path', '/a b'],
  ['bad-target', ':path', '/a\r\n'],
  ['bad-target', ':path', '*'],
  ['target-too-long', ':path', `/${'x'.repeat(20)}`],
  ['bad-scheme', ':scheme', 'ftp'],
  ['bad-host', ':authority', ''],
  ['bad-host', ':authority', 'a@b'],
])('refuses with %s: %s "%s"', (code, name, value) => {
  expect(read([], swapped(name, value))).toMatchObject({ code });
});

it('takes trailers that say nothing about the message', () => {
  const trailers = readTrailers(['grpc-status', '0'], LIMITS);
  expect('code' in trailers || trailers.entries()).toEqual([['grpc-status', '0']]);
  for (const name of ['content-length', 'host', 'te', ':path', 'transfer-encoding']) {
    expect(readTrailers([name, '1'], LIMITS)).toHaveProperty('code');
  }
});
