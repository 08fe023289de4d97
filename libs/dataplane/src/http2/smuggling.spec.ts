import {
  block,
  END_HEADERS,
  END_STREAM,
  frame,
  FrameClient,
  FrameType,
  GET_FIELDS as GET,
  PlaneFixture,
  answering,
} from '#testing';

let fixture: PlaneFixture;

beforeEach(() => (fixture = new PlaneFixture()));
afterEach(() => fixture.close());

const ok = answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
const POST = [[':method', 'POST'], ...GET.slice(1)] as const;
type Fields = readonly (readonly [string, string])[];
const without = (name: string): Fields => GET.filter(([key]) => key !== name);
const instead = (name: string, value: string): Fields => [...without(name), [name, value]];

async function open() {
  const { listener, origin } = await fixture.serve(ok);
  return { client: await FrameClient.open(listener.port), origin };
}

const headers = (fields: Fields, flags = END_STREAM) => frame(FrameType.headers, END_HEADERS | flags, 1, block(fields));

describe('what is no single request never reaches the service', () => {
  it.each<[string, Fields]>([
    ['a name in upper case', [...GET, ['X-Upper', 'a']]],
    ['a pseudo-header behind a field', [...without(':path'), ['x', 'a'], [':path', '/']]],
    ['a repeated pseudo-header', [...GET, [':path', '/other']]],
    ['an unknown pseudo-header', [...GET, [':other', 'a']]],
    ['a pseudo-header of answers', [...GET, [':status', '200']]],
    ['no path', without(':path')],
    ['no method', without(':method')],
    ['no scheme', without(':scheme')],
    ['no host', without(':authority')],
    ['an empty path', instead(':path', '')],
    ['a path without its slash', instead(':path', 'a')],
    ['a request line in the path', instead(':path', '/ HTTP/1.1\r\nHost: b\r\n\r\n')],
    ['a space in the path', instead(':path', '/a b')],
    ['a fragment in the path', instead(':path', '/a#b')],
    ['an absolute path', instead(':path', 'http://b/')],
    ['a request line in the method', instead(':method', 'GET / HTTP/1.1\r\nHost: b\r\n\r\nGET')],
    ['a space in the method', instead(':method', 'GET /')],
    ['another scheme', instead(':scheme', 'ftp')],
    ['line ends in the authority', instead(':authority', 'a\r\nx: y')],
    ['user info in the authority', instead(':authority', 'u@a')],
    ['another Host than the authority', [...GET, ['host', 'b']]],
    ['two Host fields', [...GET, ['host', 'a'], ['host', 'a']]],
    ['Transfer-Encoding', [...GET, ['transfer-encoding', 'chunked']]],
    ['Connection', [...GET, ['connection', 'x-forwarded-for']]],
    ['Keep-Alive', [...GET, ['keep-alive', 'timeout=5']]],
    ['Proxy-Connection', [...GET, ['proxy-connection', 'keep-alive']]],
    ['Upgrade', [...GET, ['upgrade', 'h2c']]],
    ['a coding in TE', [...GET, ['te', 'gzip']]],
    ['a length without a body', [...POST, ['content-length', '5']]],
    ['two lengths', [...POST, ['content-length', '0'], ['content-length', '5']]],
    ['a signed length', [...POST, ['content-length', '+0']]],
    [
      'CONNECT',
      [
        [':method', 'CONNECT'],
        [':authority', 'a:80'],
      ],
    ],
    ['CONNECT for another protocol', [...instead(':method', 'CONNECT'), [':protocol', 'connect-udp']]],
    ['a protocol without CONNECT', [...GET, [':protocol', 'websocket']]],
  ])('%s', async (_what, fields) => {
    const { client, origin } = await open();
    client.send(headers(fields));
    await client.endOf(1);
    // The connection, or at least another one, still serves.
    const next = client.closed ? await FrameClient.open(client.socket.remotePort ?? 0) : client;
    next.send(frame(FrameType.headers, END_HEADERS | END_STREAM, 3, block(instead(':path', '/next'))));
    if ((await next.endOf(3)) === 0) expect(origin.connections).toHaveLength(1);
    expect(origin.connections.join('')).not.toMatch(/evil|^GET \/(?!next)/m);
  });

  // nghttp2 drops such fields by itself and tells nobody: the request goes on without them.
  it.each<[string, Fields]>([
    ['CR LF in a value', [...GET, ['x', 'a\r\nGET /evil HTTP/1.1\r\n\r\n']]],
    ['LF in a value', [...GET, ['x', 'a\nb: c']]],
    ['CR in a value', [...GET, ['x', 'a\rb']]],
    ['NUL in a value', [...GET, ['x', 'a\0b']]],
    ['CR LF in a name', [...GET, ['x: y\r\nz', 'a']]],
    ['a colon in a name', [...GET, ['x:y', 'a']]],
    ['a space in a name', [...GET, ['x ', 'a']]],
    ['an empty name', [...GET, ['', 'a']]],
    ['tabs around a value', [...GET, ['x', '\ta\t']]],
  ])('%s: the field is left out', async (_what, fields) => {
    const { client, origin } = await open();
    client.send(headers(fields));
    expect(await client.endOf(1)).toBe(0);
    expect(origin.connections).toHaveLength(1);
    const names = (origin.connections[0] ?? '').split('\r\n').map((line) => line.replace(/:.*/, ''));
    expect(names).toEqual([
      'GET / HTTP/1.1',
      'Host',
      'X-Forwarded-For',
      'X-Forwarded-Host',
      'X-Forwarded-Port',
      'X-Forwarded-Proto',
      'traceparent',
      '',
      '',
    ]);
  });

  it.each([
    ['shorter', 'abc'],
    ['longer', 'abcdefgh'],
  ])('a body that is %s than its length', async (_what, body) => {
    const { client, origin } = await open();
    client.send(headers([...POST, ['content-length', '5']], 0), frame(FrameType.data, END_STREAM, 1, body));
    expect(await client.endOf(1)).not.toBe(0);
    await fixture.ended(1);
    expect(fixture.records).toMatchObject([{ outcome: expect.stringMatching(/^client-/) }]);
    // The service may have seen its beginning, never five bytes of a body.
    expect((origin.connections[0] ?? '').split('\r\n\r\n')[1]?.length ?? 0).toBeLessThan(5);
  });

  it.each<[string, Fields]>([
    ['a length', [['content-length', '3']]],
    ['a coding', [['transfer-encoding', 'chunked']]],
    ['a pseudo-header', [[':path', '/']]],
    ['a host', [['host', 'b']]],
  ])('%s in the trailers', async (_what, trailers) => {
    const { client, origin } = await open();
    client.send(headers(POST, 0), frame(FrameType.data, 0, 1, 'abc'), headers(trailers));
    await client.endOf(1);
    await fixture.ended(1);
    // Without its last chunk it is no request.
    expect(origin.connections.join('')).not.toMatch(/\r\n0\r\n/);
    expect(fixture.records).toMatchObject([{ outcome: expect.stringMatching(/^client-/) }]);
  });
});
