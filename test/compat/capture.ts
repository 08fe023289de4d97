import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One exchange with a real server. */
export interface Capture {
  readonly id: string;
  readonly note: string;
  readonly profile: string;
  readonly waitMsBefore?: number;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly bodyEncoding?: 'base64';
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly bodyDecodedFrom?: string;
  };
  readonly volatile: readonly string[];
  /** Where a compatible server may differ, in words. */
  readonly accept?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export function readCaptures(name: string): readonly Capture[] {
  const captures: readonly Capture[] = JSON.parse(readFileSync(join(import.meta.dirname, 'captures', name), 'utf8'));
  return captures;
}

/** Sends the recorded request unchanged, its raw target included. */
export function replay(url: string, { request }: Capture): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const body = request.body === undefined ? undefined : Buffer.from(request.body, request.bodyEncoding ?? 'utf8');
  const headers: Record<string, string> = { ...request.headers, Connection: 'close' };
  if (body !== undefined) headers['Content-Length'] = String(body.length);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { hostname, port, method: request.method, path: request.path, headers },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(pieces);
          const gzipped = response.headers['content-encoding'] === 'gzip' && bytes.length > 0;
          const text = (gzipped ? gunzipSync(bytes) : bytes).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Writes 0 for what may differ from one recording to the next. */
export function mask(body: string, volatile: readonly string[]): string {
  const patterns = volatile.filter((pattern) => pattern.includes('(') && !pattern.startsWith('header:'));
  return patterns.reduce(
    (text, pattern) => text.replace(new RegExp(pattern, 'g'), (_match, kept: string) => `${kept}0`),
    body,
  );
}
