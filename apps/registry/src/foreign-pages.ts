import type { FastifyInstance } from 'fastify';
import { ApiFault } from '#protocols/registry-api';

/**
 * Any page in a browser can post to 127.0.0.1, and bodies are taken here whatever their type. Browsers say when the page is
 * of another site (Fetch Metadata); such requests may look but not change anything.
 */
export function refuseForeignPages(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (reads || request.headers['sec-fetch-site'] !== 'cross-site') {
      done();
      return;
    }
    done(
      new ApiFault({
        type: 'urn:cardea:problem:foreign-page',
        title: 'The request comes from a page of another site',
        status: 403,
        detail: 'pages of other sites may not change what is registered',
        remedy: 'use the admin UI, or a client that is no browser',
      }),
    );
  });
}
