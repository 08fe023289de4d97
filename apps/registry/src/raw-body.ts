import { createGunzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

/** Eureka peers send batches of 250 items of 1 to 2 kB; a 413 would make them drop the whole batch. */
export const MAX_BODY_BYTES = 16 * 1_024 * 1_024;

/**
 * Hands every body over as bytes, whatever its type: Eureka clients send `application/json` with nothing in it, and curl
 * calls JSON a form. Gzip is taken off, up to the same limit.
 */
export function acceptRawBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    if (request.headers['content-encoding']?.trim().toLowerCase() !== 'gzip') {
      done(null, payload);
      return;
    }
    // The declared length is that of the compressed bytes.
    delete request.headers['content-length'];
    const unzipped = createGunzip();
    payload.on('error', (error: Error) => unzipped.destroy(error));
    done(null, payload.pipe(unzipped));
  });
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}
