import type { ServerResponse } from 'node:http';

/** One server-sent event. `data` is JSON already, on one line. */
export function formatEvent(event: string, data: string, id?: string | number): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`;
}

/** A comment keeps the connection in the eyes of those between. */
export const COMMENT = ': alive\n\n';
/** How often one is due. */
export const COMMENT_EVERY_MS = 15_000;

/** Begins an answer that has no end: what the client sends after it on this connection cannot be answered. */
export function beginEventStream(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    connection: 'close',
  });
}
