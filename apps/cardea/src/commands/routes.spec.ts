import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../command-line.ts';
import type { CommandEntry } from '../command-table.ts';
import { RecordingTerminal } from '../terminal.fixture.ts';

const COMMANDS: readonly CommandEntry[] = [
  { name: 'validate', summary: 'v', load: () => import('./validate.ts') },
  { name: 'routes', summary: 'r', load: () => import('./routes.ts') },
];
const GATEWAY = `zuul:
  routes:
    shop:
      path: /shop/**
      url: http://127.0.0.1:9001/base
spring.cloud.gateway:
  routes:
    - id: orders
      uri: lb://orders
      predicates: ["Path=/orders/{id}", Method=GET]
      filters: ["SetPath=/o/{id}", "AddRequestHeader=X-Id,{id}"]
    - id: moved
      uri: http://127.0.0.1
      predicates: [Path=/old]
      filters: ["RedirectTo=301,/new"]
    - id: bad
      uri: http://127.0.0.1
      predicates: [Path=/bad]
      filters: [StripPrefx=1]
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-routes-'));
  writeFileSync(join(folder, 'gateway.yml'), GATEWAY);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function cardea(...args: string[]): Promise<{ status: number; out: string[]; notes: string[] }> {
  const terminal = new RecordingTerminal();
  const status = await runCommandLine(args, terminal, COMMANDS);
  return { status, out: terminal.out, notes: terminal.notes };
}

const explain = (...args: string[]) => cardea('routes', 'explain', ...args, '--config-repo', folder);

describe('cardea validate', () => {
  it('says what is wrong with file and line, and ends with 1', async () => {
    const { status, out } = await cardea('validate', folder);
    expect(status).toBe(1);
    expect(out).toEqual([
      `${folder}/gateway.yml:19:17: unknown filter "StripPrefx"; did you mean StripPrefix?`,
      '1 file, 3 routes: 1 error, 0 warnings',
    ]);
  });

  it('ends with 0 when there are warnings only, and prints JSON', async () => {
    writeFileSync(join(folder, 'gateway.yml'), 'zuul.routes.a: /a/**\nzuul.stripPrefx: true\n');
    const { status, out } = await cardea('validate', join(folder, 'gateway.yml'), '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      routes: 1,
      errors: 0,
      warnings: 1,
      problems: [{ code: 'unknown-key' }],
    });
  });

  it('tries the profiles that files are for', async () => {
    writeFileSync(join(folder, 'gateway.yml'), 'zuul.routes.a.path: /a/**\n');
    writeFileSync(join(folder, 'gateway-prod.yml'), 'zuul.routes.a.url: "http://"\n');
    expect((await cardea('validate', folder)).out[0]).toBe(
      `${folder}/gateway-prod.yml:1:20: the url "http://" leads nowhere; write http://host:port`,
    );
    expect((await cardea('validate', folder, '--profile', 'dev')).status).toBe(0);
  });

  it('says what to do about a path that is not there', async () => {
    const { status, notes } = await cardea('validate', join(folder, 'nope'));
    expect([status, notes.length]).toEqual([1, 1]);
    expect(notes[0]).toMatch(/there is no .*nope; name a configuration file or folder/);
  });
});

describe('cardea routes', () => {
  it('lists routes in matching order', async () => {
    const { out, notes } = await cardea('routes', 'list', '--config-repo', folder);
    expect(out.map((line) => line.split(/\s+/)[0])).toEqual(['ROUTE', 'orders', 'moved', 'shop']);
    expect(out[1]).toContain(
      `Path /orders/{id} and Method GET  service orders              ${folder}/gateway.yml:8:11`,
    );
    expect(notes).toHaveLength(1);
  });

  it('explains which route is taken, and what is sent', async () => {
    const { status, out } = await explain('GET', '/orders/7?x=1', '-H', 'X-A: b', '-H', 'Host: h');
    expect(status).toBe(0);
    expect(out).toEqual([
      `  yes  orders  ${folder}/gateway.yml:8:11`,
      '         method GET: GET',
      '         path /orders/{id}: /orders/7',
      'variables  id=7',
      'filter     set-path path=/o/{id}',
      'filter     add-header on=request name=X-Id value={id}',
      'target     service orders',
      'sent       GET http://orders/o/7?x=1',
      '             Host: orders',
      '             X-A: b',
      '             X-Id: 7',
      '             X-Forwarded-For: 127.0.0.1',
      '             X-Forwarded-Host: h',
      '             X-Forwarded-Port: 80',
      '             X-Forwarded-Proto: http',
    ]);
  });

  it('explains why no route is taken', async () => {
    const { out } = await explain('POST', 'http://h:1/orders/7');
    expect(out).toContain('  no   orders: method is POST, not GET');
    expect(out.at(-1)).toBe('no route matches: 404');
  });

  it('explains what the gateway answers itself', async () => {
    const { out } = await explain('GET', '/old');
    expect(out.slice(-2)).toEqual(['answer     301, nothing is sent upstream', '             Location: /new']);
  });

  it('joins the path of a url, as JSON too', async () => {
    const { out } = await explain('GET', '/shop/1', '--json');
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      route: { id: 'shop', dialect: 'zuul' },
      sent: { uri: 'http://127.0.0.1:9001/base/1' },
    });
  });

  it.each([
    [['GET', 'orders'], '"orders" is not a URL; write a path'],
    [['GET', '/', '-H', 'nothing'], '"nothing" is not a header; write -H'],
  ])('refuses %j', async (args, message) => {
    const { status, notes } = await explain(...args);
    expect([status, notes.join('\n')]).toEqual([1, expect.stringContaining(message)]);
  });
});

describe('cardea routes --management', () => {
  let server: Server;
  let url: string;
  const received: string[] = [];
  const instance = { id: 'a', host: 'h', port: 1, weight: 2, active: 3, ejectedBy: 1, note: 'kept until noon' };
  const explanation = {
    tried: [],
    route: { id: 'r', variables: {}, filters: [], target: 'service r' },
    cluster: { id: 'r', balancing: 'random', planes: 2, endpoints: [instance] },
  };

  beforeEach(async () => {
    server = createServer((request, response) => {
      void request.toArray().then((pieces) => {
        received.push(`${request.method} ${request.url} ${pieces.join('')}`);
        if (request.url === '/api/v1/gateway/routes')
          response.end(
            JSON.stringify({
              routes: [{ id: 'r', predicate: 'Path /a', target: 'http://h', location: null }],
              problems: [],
            }),
          );
        else if (request.url === '/api/v1/gateway/explain' && pieces.join('').includes('/refused'))
          response.writeHead(400).end(JSON.stringify({ detail: 'no such url', remedy: 'write another' }));
        else if (request.url === '/api/v1/gateway/explain') response.end(JSON.stringify(explanation));
        else response.writeHead(404).end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('asks a running gateway', async () => {
    expect((await cardea('routes', 'list', '--management', url)).out[1]).toBe('r      Path /a    http://h');
    expect((await cardea('routes', 'explain', 'GET', '/a', '--management', url)).out).toEqual([
      'target     service r',
      'instance   a  h:1  weight 2  3 under way  ejected in 1 of 2 workers  kept until noon',
    ]);
    expect(received.at(-1)).toContain('POST /api/v1/gateway/explain {"method":"GET","url":"/a"');
  });

  it('passes on why the gateway refuses a question', async () => {
    const { status, notes } = await cardea('routes', 'explain', 'GET', '/refused', '--management', url);
    expect([status, notes]).toEqual([1, ['no such url; write another']]);
  });

  it('says what to do when nobody answers, and when both places are named', async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    const { status, notes } = await cardea('routes', 'list', '--management', url);
    expect([status, notes[0]]).toEqual([1, expect.stringContaining('does not answer; give the management address')]);
    const both = await cardea('routes', 'list', '--management', url, '--config-repo', folder);
    expect([both.status, both.notes[0]]).toEqual([1, expect.stringContaining('cannot be used with')]);
  });
});
