import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

/** The site is whole in itself: nothing inline, nothing from elsewhere, in nobody's frame. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Vite puts a hash of the content into these names, so that what is cached never grows old. */
const HASHED = /^\/assets\/.+-[\w-]{8}\.\w+$/;
const COMPRESSIBLE = /^(?:text\/|image\/svg|application\/json)/;

export interface StaticRequest {
  /** Path of the URL, without the query, as received. */
  readonly path: string;
  readonly accept?: string | undefined;
  readonly acceptEncoding?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

export interface StaticAnswer {
  readonly status: 200 | 304 | 404 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

interface StaticFile {
  readonly type: string;
  readonly etag: string;
  readonly plain: Buffer;
  readonly gzip: Buffer | undefined;
}

/**
 * The files of one folder, answered from memory. Only names found in the folder exist, so that no path leads out of it.
 * Read at the first request, and again when a new build has replaced `index.html`.
 */
export class StaticSite {
  readonly #folder: string;
  readonly #reserved: readonly string[];
  #files = new Map<string, StaticFile>();
  #builtAt = 0;

  /** `reserved`: path prefixes of other interfaces, below which a page is never the answer. */
  constructor(folder: string, reserved: readonly string[]) {
    this.#folder = folder;
    this.#reserved = reserved;
  }

  answer(request: StaticRequest): StaticAnswer {
    const { path } = request;
    if (this.#reserved.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))) return nothingBelow(path);
    if (!this.#load()) {
      return plain(503, 'The admin UI has not been built; run `npm run setup` and reload this page\n');
    }
    const file = this.#files.get(path === '/' ? '/index.html' : path);
    if (file) return found(file, request, HASHED.test(path));
    // Somebody who typed an address gets the UI; a program that asked for a file learns that it is missing.
    const page = this.#files.get('/index.html');
    if (page && extname(path) === '' && request.accept?.includes('text/html')) return found(page, request, false);
    return plain(404, 'Not found\n');
  }

  #load(): boolean {
    const builtAt = statSync(join(this.#folder, 'index.html'), { throwIfNoEntry: false })?.mtimeMs;
    if (builtAt === undefined) return false;
    if (builtAt === this.#builtAt) return true;
    this.#files = new Map(
      readdirSync(this.#folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => [`/${relative(this.#folder, file).split(sep).join('/')}`, readStaticFile(file)]),
    );
    this.#builtAt = builtAt;
    return true;
  }
}

function readStaticFile(file: string): StaticFile {
  const content = readFileSync(file);
  const type = CONTENT_TYPES[extname(file)] ?? 'application/octet-stream';
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
  return { type, etag, plain: content, gzip: COMPRESSIBLE.test(type) ? gzipSync(content, { level: 9 }) : undefined };
}

function found(file: StaticFile, request: StaticRequest, immutable: boolean): StaticAnswer {
  const zipped = file.gzip !== undefined && acceptsGzip(request.acceptEncoding);
  const etag = zipped ? file.etag.replace(/"$/, '-gzip"') : file.etag;
  const headers: Record<string, string> = {
    ...SECURITY_HEADERS,
    etag,
    'cache-control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(file.gzip === undefined ? {} : { vary: 'accept-encoding' }),
  };
  const known = request.ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known?.includes(etag) || known?.includes('*')) return { status: 304, headers, body: '' };
  headers['content-type'] = file.type;
  if (zipped) headers['content-encoding'] = 'gzip';
  return { status: 200, headers, body: zipped && file.gzip ? file.gzip : file.plain };
}

function acceptsGzip(acceptEncoding: string | undefined): boolean {
  return (acceptEncoding ?? '')
    .split(',')
    .some((coding) => /^\s*(?:gzip|\*)\s*(?:;(?!\s*q=0(?:\.0*)?\s*$)|$)/i.test(coding));
}

/** Programs ask below the reserved paths: they get a problem document (RFC 9457), as from the interfaces there. */
function nothingBelow(path: string): StaticAnswer {
  const headers = { ...SECURITY_HEADERS, 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  const problem = {
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    detail: `GET ${path} leads nowhere`,
    remedy: 'GET /actuator lists what is there; docs/guides/gateway-control.md has the rest',
  };
  return { status: 404, headers, body: `${JSON.stringify(problem)}\n` };
}

function plain(status: 404 | 503, body: string): StaticAnswer {
  const headers = { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return { status, headers, body };
}
