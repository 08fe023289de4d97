import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { JavaDouble } from '#config';
import { formatEvent } from '#event-stream';
import type { WatchedEnvironment } from './environment-sources.ts';
import { watchEnvironment } from './watch-environment.ts';

const SOURCE =
  '{"a":{"value":1,"origin":"config-repo/x.yml:2:4"},"b":true,"c":{"value":1.0},"d":9007199254740993,' +
  '"e":{"value":"t","origin":"Config Server y.yml:1:1"},"f":{"value":"o","origin":"Config server overrides"}}';
const ENVIRONMENT = `{"version":"c1","environment":{"version":"c1","propertySources":[{"name":"n","source":${SOURCE}}]}}`;

/** Follows a server that answers its n-th caller with the n-th script, until `enough` was heard. */
async function follow(scripts: readonly ((response: ServerResponse) => void)[], enough: string) {
  const urls: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    urls.push(request.url);
    scripts[Math.min(urls.length, scripts.length) - 1]?.(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const heard: string[] = [];
  let environment: WatchedEnvironment | undefined;
  await new Promise<void>((resolve) => {
    const hear = (word: string): void => {
      heard.push(word);
      if (word !== enough) return;
      watch.close();
      resolve();
    };
    const watch = watchEnvironment({
      url: `http://127.0.0.1:${port}`,
      application: 'shop',
      profile: 'eu,qa',
      label: 'release/2.0',
      onEnvironment: (told) => {
        environment = told;
        hear(`environment ${told.version}`);
      },
      onProblems: ([problem]) => hear(problem?.message ?? ''),
      onConnected: () => hear('connected'),
      onDisconnected: ({ error, attempt }) => hear(`${error.code} ${attempt}`),
    });
  });
  server.closeAllConnections();
  server.close();
  return { heard, urls, environment };
}

const begin = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });

describe('watchEnvironment', () => {
  it('tells environments and problems, and comes back when the stream ends', async () => {
    const problem = '{"problems":[{"severity":"error","code":"x","message":"broken"}]}';
    const { heard, urls } = await follow(
      [
        (response) => begin(response).end(formatEvent('environment', ENVIRONMENT)),
        (response) => response.writeHead(404).end(),
        (response) => begin(response).write(formatEvent('environment', ENVIRONMENT) + formatEvent('problem', problem)),
      ],
      'broken',
    );
    expect(urls[0]).toBe('/api/v1/config/shop/eu%2Cqa/release(_)2.0/stream');
    expect(heard).toEqual([
      'connected',
      'environment c1',
      'config-unreachable 1',
      'config-unreachable 2',
      'connected',
      'environment c1',
      'broken',
    ]);
  });

  it('reads origins and exact numbers', async () => {
    const { environment } = await follow(
      [(response) => begin(response).write(formatEvent('environment', ENVIRONMENT))],
      'environment c1',
    );
    expect(Object.fromEntries(environment?.sources[0]?.properties ?? [])).toEqual({
      a: { value: 1, origin: { file: 'config-repo/x.yml', line: 2, column: 4 } },
      b: { value: true, origin: { file: 'n' } },
      c: { value: new JavaDouble(1), origin: { file: 'n' } },
      d: { value: 9007199254740993n, origin: { file: 'n' } },
      e: { value: 't', origin: { file: 'y.yml', line: 1, column: 1 } },
      f: { value: 'o', origin: { file: 'Config server overrides' } },
    });
  });
});
