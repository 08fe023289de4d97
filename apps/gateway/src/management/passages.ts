import type { Server } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { RequestHandler } from 'http-proxy-middleware';

/**
 * Lets the admin UI reach the other apps through its own origin: `/registry/…` and `/config/…`. Streams and WebSocket
 * upgrades pass. Runs before bodies are read, so that they flow through.
 */
export function openPassages(
  fastify: FastifyInstance,
  server: Server,
  targets: Readonly<Record<string, string>>,
): void {
  for (const [prefix, target] of Object.entries(targets)) {
    let loading: Promise<RequestHandler> | undefined;
    // Loaded with the first use: a gateway whose admin UI nobody opens goes without.
    const proxy = () => (loading ??= openPassage(prefix, target));
    fastify.addHook('onRequest', (request, reply, done) => {
      if (!isBelow(request.raw.url, prefix)) {
        done();
        return;
      }
      reply.hijack();
      proxy()
        .then((handle) => handle(request.raw, reply.raw))
        .catch(() => reply.raw.destroy());
    });
    server.on('upgrade', (request, socket, head) => {
      if (!isBelow(request.url, prefix) || !(socket instanceof Socket)) return;
      // Until the proxy has it, nobody else hears that its client has gone.
      socket.on('error', () => socket.destroy());
      proxy()
        .then((handle) => handle.upgrade(request, socket, head))
        .catch(() => socket.destroy());
    });
  }
}

function isBelow(url: string | undefined, prefix: string): boolean {
  return url === prefix || url?.startsWith(`${prefix}/`) === true || url?.startsWith(`${prefix}?`) === true;
}

async function openPassage(prefix: string, target: string): Promise<RequestHandler> {
  const { createProxyMiddleware } = await import('http-proxy-middleware');
  return createProxyMiddleware({
    target,
    pathRewrite: (path) => path.slice(prefix.length) || '/',
    on: {
      error: (error, _request, answer) => {
        const body = JSON.stringify({ title: `${target} cannot be reached`, status: 502, detail: error.message });
        if ('writeHead' in answer && !answer.headersSent) {
          answer.writeHead(502, { 'content-type': 'application/problem+json' });
          answer.end(body);
        } else {
          answer.destroy();
        }
      },
    },
  });
}
