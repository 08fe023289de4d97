import { connect } from 'node:net';
import { startFakeOrigin, type FakeOrigin } from '#testing';
import { UpstreamConnection, type UpstreamListener } from './upstream-connection.ts';

let origin: FakeOrigin;
beforeEach(async () => {
  origin = await startFakeOrigin((_received, socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  });
});
afterEach(() => origin.close());

/** Resolves with what came of one answer; `atData` runs at each piece of its body. */
function exchange(connection: UpstreamConnection, atData: () => void): Promise<string> {
  return new Promise((resolve) => {
    let body = '';
    const listener: UpstreamListener = {
      upstreamInterim: () => undefined,
      upstreamHead: () => undefined,
      upstreamData(buffer, start, end) {
        body += buffer.toString('latin1', start, end);
        atData();
      },
      upstreamEnd: () => resolve(body),
      upstreamReadDone: () => undefined,
      upstreamDrained: () => undefined,
      upstreamFailed: (failure) => resolve(failure),
      upstreamSwitched: () => resolve('switched'),
    };
    connection.begin(listener, 'GET', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', true, false);
  });
}

function open(): { connection: UpstreamConnection; idle: () => number } {
  let idle = 0;
  const owner = { connectionIdle: () => void (idle += 1), connectionClosed: () => undefined };
  const connection = new UpstreamConnection(
    (onread) => connect({ host: '127.0.0.1', port: origin.port, onread }),
    owner,
    'connect',
  );
  return { connection, idle: () => idle };
}

it('answers the next request on a connection that a slow client had paused over the last piece', async () => {
  const { connection, idle } = open();
  expect(await exchange(connection, () => connection.pause())).toBe('ok');
  expect(idle()).toBe(1);
  expect(await exchange(connection, () => undefined)).toBe('ok');
  expect(origin.connections).toHaveLength(1);
  connection.destroy();
});
