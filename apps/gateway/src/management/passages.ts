import type { Server } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { createProxyMiddleware } from 'http-proxy-middleware';

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
    const proxy = createProxyMiddleware({
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
    fastify.addHook('onRequest', (request, reply, done) => {
      if (!isBelow(request.raw.url, prefix)) {
        done();
        return;
      }
      reply.hijack();
      void proxy(request.raw, reply.raw);
    });
    server.on('upgrade', (request, socket, head) => {
      if (isBelow(request.url, prefix) && socket instanceof Socket) proxy.upgrade(request, socket, head);
    });
  }
}

function isBelow(url: string | undefined, prefix: string): boolean {
  return url === prefix || url?.startsWith(`${prefix}/`) === true || url?.startsWith(`${prefix}?`) === true;
}
