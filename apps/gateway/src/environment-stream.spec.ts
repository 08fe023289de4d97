import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { sourcesOf } from '#protocols/config-api';
import { followConfigServer } from './environment-stream.ts';

describe('followConfigServer', () => {
  it('tells environments and refusals, and comes back after the stream ends', async () => {
    const environment = {
      version: 'c1',
      propertySources: [
        {
          name: 'gateway.yml',
          source: { a: { value: 1, origin: 'Config Server config-repo/gateway.yml:2:4' }, b: true },
        },
      ],
    };
    let answers = 0;
    const server = createServer((request, response: ServerResponse) => {
      expect(request.url).toBe('/api/v1/config/gateway/default/stream');
      answers += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`event: environment\ndata: ${JSON.stringify({ version: 'c1', environment })}\n\n`);
      if (answers === 1) response.end();
      else
        response.write('event: problem\ndata: {"problems":[{"severity":"error","code":"x","message":"broken"}]}\n\n');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      const follow = followConfigServer(`http://127.0.0.1:${port}`, 'gateway/default');
      const watch = follow({
        onConfiguration: (sources, commit) => seen.push(`${commit} ${sources[0]?.properties.size}`),
        onConnection: (connected) => seen.push(connected ? 'connected' : 'gone'),
        onProblems: ([problem]) => {
          seen.push(problem?.message ?? '');
          watch.close();
          resolve();
        },
      });
    });
    server.closeAllConnections();
    server.close();
    expect(seen.slice(0, 6)).toEqual(['connected', 'c1 2', 'gone', 'connected', 'c1 2', 'broken']);
  });

  it('reads origins', () => {
    const [source] = sourcesOf({
      version: null,
      propertySources: [
        { name: 'n', source: { a: { value: 1, origin: 'Config Server x/y.yml:2:4' }, b: 'plain', c: { value: 2 } } },
      ],
    });
    expect(Object.fromEntries(source?.properties ?? [])).toEqual({
      a: { value: 1, origin: { file: 'x/y.yml', line: 2, column: 4 } },
      b: { value: 'plain', origin: { file: 'n' } },
      c: { value: 2, origin: { file: 'n' } },
    });
  });
});
