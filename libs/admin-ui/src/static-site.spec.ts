import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { StaticSite, type StaticRequest } from './static-site.ts';

const SCRIPT = 'export const hinge = 1;\n'.repeat(100);
const PAGE = '<!doctype html><title>Cardea</title>';

describe('StaticSite', () => {
  let folder: string;
  let site: StaticSite;
  const get = (path: string, request: Omit<StaticRequest, 'path'> = {}) => site.answer({ path, ...request });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cardea-admin-ui-'));
    mkdirSync(join(folder, 'web', 'assets'), { recursive: true });
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    writeFileSync(join(folder, 'web', 'assets', 'index-B9zH0Q67.js'), SCRIPT);
    writeFileSync(join(folder, 'web', 'index.html'), PAGE);
    site = new StaticSite(join(folder, 'web'), ['/actuator', '/api']);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('says what to do before the UI is built', () => {
    rmSync(join(folder, 'web', 'index.html'));
    const { status, body } = get('/');
    expect(status).toBe(503);
    expect(body).toContain('npm run setup');
    writeFileSync(join(folder, 'web', 'index.html'), PAGE);
    expect(get('/').status).toBe(200);
  });

  it('serves the page, to be asked for again each time, under a policy without inline scripts', () => {
    const { status, headers, body } = get('/');
    expect(status).toBe(200);
    expect(body.toString()).toBe(PAGE);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    });
    expect(headers['content-security-policy']).toContain("script-src 'self';");
    expect(headers['content-security-policy']).not.toContain('unsafe');
  });

  it('serves hashed assets to be kept for ever', () => {
    const { headers, body } = get('/assets/index-B9zH0Q67.js');
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-encoding']).toBeUndefined();
    expect(body.toString()).toBe(SCRIPT);
  });

  it.each([
    ['gzip', 'gzip'],
    ['br, gzip;q=0.8', 'gzip'],
    ['*', 'gzip'],
    ['gzip;q=0', undefined],
    ['gzip; q=0.0', undefined],
    ['br', undefined],
  ])('answers Accept-Encoding %j with %s', (acceptEncoding, expected) => {
    const { headers, body } = get('/assets/index-B9zH0Q67.js', { acceptEncoding });
    expect(headers['content-encoding']).toBe(expected);
    expect(headers['vary']).toBe('accept-encoding');
    const bytes = Buffer.from(body);
    expect((expected === 'gzip' ? gunzipSync(bytes) : bytes).toString()).toBe(SCRIPT);
  });

  it('answers 304 to whoever has it already, in the same encoding', () => {
    const etag = get('/').headers['etag'] ?? '';
    const again = get('/', { ifNoneMatch: `"other", W/${etag}` });
    expect([again.status, again.body, again.headers['etag']]).toEqual([304, '', etag]);
    expect(get('/', { ifNoneMatch: '"other"' }).status).toBe(200);
    expect(get('/', { ifNoneMatch: etag, acceptEncoding: 'gzip' }).status).toBe(200);
  });

  it('shows a new build without a restart', () => {
    const before = get('/').headers['etag'];
    writeFileSync(join(folder, 'web', 'index.html'), '<!doctype html><title>Rebuilt</title>');
    utimesSync(join(folder, 'web', 'index.html'), 2e9, 2e9);
    const after = get('/');
    expect(after.body.toString()).toContain('Rebuilt');
    expect(after.headers['etag']).not.toBe(before);
  });

  it('gives the UI to a person who mistyped, and 404 to a program', () => {
    expect(get('/routes', { accept: 'text/html,*/*' }).status).toBe(200);
    expect(get('/routes', { accept: 'application/json' }).status).toBe(404);
    expect(get('/assets/gone-AAAAAAAA.js', { accept: 'text/html' }).status).toBe(404);
  });

  it('leaves the paths of other interfaces alone', () => {
    for (const path of ['/actuator', '/actuator/nothing', '/api/v1/nothing']) {
      const { status, headers, body } = get(path, { accept: 'text/html' });
      expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
      expect(JSON.parse(String(body))).toMatchObject({ detail: `GET ${path} leads nowhere` });
    }
    expect(get('/apis', { accept: 'text/html' }).status).toBe(200);
  });

  it.each(['/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/..\\secret.txt'])(
    'never leaves its folder: %s',
    (path) => {
      expect(get(path, { accept: 'text/html' })).toMatchObject({ status: 404, body: 'Not found\n' });
    },
  );
});
