import { once } from 'node:events';
import { connect } from 'node:net';
import { cluster, endpoint, route, trafficConfig } from '#traffic';
import { startFakeOrigin, type OriginScript } from '#testing';
import { DataPlane } from '../data-plane.ts';
import { requestFinished, type RequestRecord } from '../events.ts';

let plane: DataPlane;
let origin: { readonly port: number; readonly connections: readonly string[]; close(): Promise<void> } | undefined;
let records: RequestRecord[];
const isRecord = (message: unknown): message is RequestRecord => typeof message === 'object' && message !== null;
const record = (message: unknown): void => {
  if (isRecord(message)) records.push(message);
};

beforeEach(() => {
  plane = new DataPlane();
  records = [];
  requestFinished.subscribe(record);
});

afterEach(async () => {
  requestFinished.unsubscribe(record);
  await plane.close();
  await origin?.close();
});

async function serve(script: OriginScript): Promise<number> {
  origin = await startFakeOrigin(script);
  const endpoints = [endpoint({ host: '127.0.0.1', port: origin.port })];
  plane.apply(
    trafficConfig({
      routes: [route({ id: 'all' })],
      clusters: [cluster({ id: 'all', endpoints: { kind: 'static', endpoints } })],
    }),
  );
  return (await plane.listen({ address: '127.0.0.1', port: 0 })).port;
}

/** Everything that comes back until the gateway closes the connection. */
async function talk(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (piece: Buffer) => (text += piece.toString('latin1')));
  socket.write(bytes, 'latin1');
  await once(socket, 'end');
  socket.destroy();
  return text;
}

const ok: OriginScript = (received, socket) => {
  if (received.endsWith('\r\n\r\n')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
};

describe('ambiguous requests on the wire', () => {
  it.each([
    [
      'length and coding',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx'],
    ['bare line feed', 'GET / HTTP/1.1\nHost: a\r\n\r\n'],
    ['folded line', 'GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n'],
    ['space before the colon', 'GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n'],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n'],
    ['absolute form with another host', 'GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['NUL', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n'],
  ])('refuses %s, closes, and the service sees nothing of it', async (_, bytes) => {
    const answer = await talk(await serve(ok), `${bytes}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(origin?.connections).toEqual([]);
  });
});

describe('requests on one connection', () => {
  it('answers pipelined requests in order, each with one record', async () => {
    const answers = await talk(
      await serve((received, socket) => {
        const path = /.*GET (\S+)/s.exec(received)?.[1] ?? '';
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`);
      }),
      'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    expect(answers.match(/\/[123]$|\/[123](?=HTTP)/g)).toEqual(['/1', '/2', '/3']);
    expect(records.map(({ outcome }) => outcome)).toEqual(['success', 'success', 'success']);
  });

  it('forwards the trailers of a body that came in one piece', async () => {
    const port = await serve(ok);
    await talk(
      port,
      'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n',
    );
    expect(origin?.connections[0]).toMatch(/\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n$/);
  });

  it.each([
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
    ['a folded line', 'HTTP/1.1 200 OK\r\nX: 1\r\n 2\r\n\r\n'],
    ['no HTTP', 'garbage\r\n\r\n'],
  ])('answers 502 for %s from the service', async (_, bytes) => {
    const port = await serve((_received, socket) => void socket.write(bytes));
    expect(await talk(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 502 /);
    expect(records.map(({ outcome }) => outcome)).toEqual(['upstream-bad-response']);
  });

  it('delivers the last words of an upgraded connection and calls it a success', async () => {
    const port = await serve((_received, socket) => {
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nbye');
    });
    const answer = await talk(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 101 [^]*\r\n\r\nbye$/);
  });
});
