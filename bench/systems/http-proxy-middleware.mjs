import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const name = 'http-proxy-middleware';

const bench = join(import.meta.dirname, '..');
const manifest = join(bench, 'node_modules/http-proxy-middleware/package.json');

export function version() {
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}

/** It has no routing table and no filters of its own: what stands there would be the user's code. */
export function supports(variant) {
  return variant === 'plain' || variant === 'tls';
}

export function command({ variant, port, originPort, certificate }) {
  const server = join(bench, 'http-proxy-middleware-server.mjs');
  const tls = variant === 'tls' ? [certificate.cert, certificate.key] : [];
  return { command: [process.execPath, server, String(port), String(originPort), ...tls] };
}
