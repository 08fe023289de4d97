import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningApp } from '#kernel';
import { startConfigServer } from './config-server.app.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cardea-config-')));
let app: RunningApp;
let url: string;

const GOOD = 'name: Ann\nport: 8080\nratio: 1.0\nlist: [a, b]\ntext: hi ${name}\n';

beforeAll(async () => {
  writeFileSync(join(folder, 'application.yml'), 'name: Bob\nlist: [x, y, z]\n');
  writeFileSync(join(folder, 'shop.yml'), GOOD);
  writeFileSync(join(folder, 'nginx.conf'), 'server ${name}');
  app = await startConfigServer({
    port: 0,
    address: '127.0.0.1',
    backends: [{ kind: 'git', uri: folder, searchPaths: [] }],
    dataDir: join(folder, '.data'),
    encryptKey: 'foo',
  });
  url = app.listeners[0]?.url ?? '';
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const text = async (path: string, init?: RequestInit): Promise<string> => (await fetch(url + path, init)).text();

/** Status of a path that `fetch` would tidy up before sending it. */
const statusOf = (path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(url, { path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

describe('the config server', () => {
  it('answers environments with exact numbers and origins', async () => {
    expect(await text('/shop/default')).toContain('"ratio":1.0,"list[0]":"a"');
    const accept = 'application/vnd.spring-cloud.config-server.v2+json';
    const response = await fetch(`${url}/shop/default`, { headers: { accept } });
    expect(response.headers.get('content-type')).toBe(accept);
    expect(await response.text()).toContain('"port":{"value":8080,"origin":"2:7"}');
  });

  it('answers the file forms, lists replaced as a whole', async () => {
    expect(await text('/shop-default.properties')).toBe(
      'name: Ann\nport: 8080\nratio: 1.0\ntext: hi Ann\nlist[0]: a\nlist[1]: b',
    );
    expect(await text('/shop-default.json')).toBe(
      '{"name":"Ann","port":8080,"ratio":1.0,"text":"hi Ann","list":["a","b"]}',
    );
    expect(await text('/shop-default.yml?resolvePlaceholders=false')).toBe(
      'name: Ann\nport: 8080\nratio: 1.0\ntext: hi ${name}\nlist:\n- a\n- b\n',
    );
    expect(await text('/nobody-x.yml')).toContain('name: Bob');
  });

  it('tells clients that come back whether anything changed', async () => {
    const first = await fetch(`${url}/shop/default`);
    const etag = first.headers.get('etag') ?? '';
    const again = await fetch(`${url}/shop/default`, { headers: { 'if-none-match': `"x", W/${etag}` } });
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, '']);
    for (const path of ['/shop-default.yml', '/shop-default.yml?resolvePlaceholders=false', '/shop/other']) {
      const other = await fetch(url + path, { headers: { 'if-none-match': etag } });
      expect(other.status).toBe(200);
    }
  });

  it('answers texts with placeholders filled, and nothing outside', async () => {
    expect(await text('/shop/default/main/nginx.conf')).toBe('server Ann');
    expect(await text('/shop/default/nginx.conf?useDefaultLabel')).toBe('server Ann');
    expect(await statusOf('/shop/default/main/nothing.conf')).toBe(404);
    for (const path of ['../x', '..%2fx', '%2e%2e/x', '%252e%252e/x', '(_)..(_)x', '.git/config', '.git%2fconfig']) {
      expect(`${path} ${await statusOf(`/shop/default/main/${path}`)}`).toMatch(/ 40[04]$/);
    }
  });

  it('refuses what it does not have', async () => {
    expect(await statusOf('/shop')).toBe(404);
    expect(await statusOf('/shop/a,,b')).toBe(400);
    expect((await fetch(`${url}/shop/default`, { method: 'PUT' })).status).toBe(405);
    expect((await fetch(`${url}/shop/default`, { headers: { accept: 'text/html' } })).status).toBe(406);
  });

  it('encrypts and decrypts', async () => {
    const headers = { 'content-type': 'text/plain' };
    const body = await text('/encrypt', { method: 'POST', headers, body: 'a+b=' });
    expect(body).toMatch(/^[0-9a-f]{64}$/);
    expect(await text('/decrypt', { method: 'POST', headers, body })).toBe('a+b=');
    expect((await fetch(`${url}/decrypt`, { method: 'POST', headers, body: 'no' })).status).toBe(400);
  });

  it('explains a key and tells its health', async () => {
    expect(JSON.parse(await text('/api/v1/config/shop/default/explain?key=name'))).toMatchObject({
      winner: { value: 'Ann', location: `${folder}/shop.yml:1:7` },
      losers: [{ value: 'Bob', location: `${folder}/application.yml:1:7` }],
    });
    expect(JSON.parse(await text('/api/v1/config/status'))).toMatchObject({ state: 'live', problems: [] });
    expect(await text('/actuator/health')).toContain('"configServer":{"status":"UP"');
  });

  it('streams changes, keeps the last good state and names the line that is wrong', async () => {
    const response = await fetch(`${url}/api/v1/config/shop/default/stream`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    const until = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(seen)) {
        const part = await reader?.read();
        if (part === undefined || part.done) throw new Error(`the stream ended before ${pattern.source}`);
        seen += part.value;
      }
      seen = '';
    };
    await until(/event: environment\n.*"value":"Ann".*\n\n/);
    writeFileSync(join(folder, 'shop.yml'), `${GOOD}name: twice\n`);
    await until(/event: problem\n.*shop\.yml","line":6.*\n\n/);
    expect(await text('/shop/default')).toContain('"name":"Ann"');
    expect(JSON.parse(await text('/api/v1/config/status'))).toMatchObject({ state: 'last-good' });
    writeFileSync(join(folder, 'shop.yml'), GOOD.replace('Ann', 'Eve'));
    await until(/event: environment\n.*"value":"Eve".*\n\n/);
    await reader?.cancel();
  });
});
