import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { listeningPort } from '#testing';

/** A server of another make behind the gateway, and what it took the bytes for: method, target and body of each request. */
export class SeenRequests {
  seen: string[] = [];
  #server: Server | undefined;

  /** Registers the hooks; call it once in a spec file. */
  static use(): SeenRequests {
    const requests = new SeenRequests();
    beforeEach(() => requests.#start());
    afterEach(() => void requests.#server?.close());
    return requests;
  }

  get port(): number {
    return this.#server ? listeningPort(this.#server) : 0;
  }

  async #start(): Promise<void> {
    this.seen = [];
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString('latin1')));
      request.on('end', () => {
        this.seen.push(`${request.method} ${request.url} ${body}`.trim());
        response.end('ok');
      });
    });
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }
}

export const HOST = 'Host: a\r\n';
/** What is sent behind every case: what becomes of it tells where the gateway believes that the case ends. */
export const LAST = `GET /last HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;

export function get(lines: string): string {
  return `GET / HTTP/1.1\r\n${HOST}${lines}\r\n`;
}

export function post(lines: string, body: string): string {
  return `POST / HTTP/1.1\r\n${HOST}${lines}\r\n${body}`;
}

export function chunked(body: string): string {
  return post('Transfer-Encoding: chunked\r\n', body);
}
