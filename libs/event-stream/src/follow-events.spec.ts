import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { beginEventStream, COMMENT, followEvents, formatEvent } from './index.ts';

it('follows what the other half of this library says, and asks again from where it was', async () => {
  const asked: (string | string[] | undefined)[] = [];
  const scripts: ((response: ServerResponse) => void)[] = [
    (response) => {
      beginEventStream(response);
      response.end(`${COMMENT}${formatEvent('one', '{"a":1}', 7)}`);
    },
    (response) => response.writeHead(503).end(),
    (response) => {
      beginEventStream(response);
      response.write(formatEvent('two', '2'));
    },
  ];
  const server = createServer((incoming, response) => {
    asked.push(incoming.headers['last-event-id']);
    scripts[asked.length - 1]?.(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const heard: string[] = [];
  await new Promise<void>((resolve) => {
    const follower = followEvents({
      url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`,
      headers: { 'x-token': 't' },
      unreachable: { code: 'gone', message: 'it is away', remedy: 'wait' },
      onConnected: () => heard.push('connected'),
      onEvent: ({ event, id, data }) => {
        heard.push(`${event} ${id} ${data}`);
        if (event !== 'two') return;
        expect(follower.connected).toBe(true);
        follower.close();
        resolve();
      },
      onDisconnected: ({ error, attempt }) => {
        expect(error).toMatchObject({ code: 'gone', message: 'it is away', remedy: 'wait' });
        heard.push(`${error.cause instanceof Error ? error.cause.message : ''} ${attempt}`);
      },
    });
  });
  server.closeAllConnections();
  server.close();
  expect(asked).toEqual([undefined, '7', '7']);
  expect(heard).toEqual([
    'connected',
    'one 7 {"a":1}',
    'the server ended the stream 1',
    'it answers 503 2',
    'connected',
    'two  2',
  ]);
});
