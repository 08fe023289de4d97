import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { listeningPort } from '#testing';

/** What a request asks of the origin; it is part of the path: `/behaviour/size/id`. */
export const BEHAVIOURS = [
  'sized',
  'chunked',
  'early',
  'late',
  'until-close',
  'close',
  'error',
  'kill',
  'kill-in-body',
  'bad-chunk',
  'reset-behind',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/**
 * A real server that answers every request with the identity it carries, after checking that target, header line and
 * body carry the same one. It may be killed and come back on the same port.
 */
export class IdentityOrigin {
  readonly violations: string[] = [];
  /** How often each identity was seen. */
  readonly seen = new Map<string, number>();
  readonly #tls: { readonly cert: string; readonly key: string } | undefined;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  constructor(tls?: { readonly cert: string; readonly key: string }) {
    this.#tls = tls;
  }

  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    const answer = (request: IncomingMessage, response: ServerResponse): void => this.#answer(request, response);
    const options = { keepAliveTimeout: 0 };
    const server = this.#tls ? createTlsServer({ ...options, ...this.#tls }, answer) : createServer(options, answer);
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    this.#port = listeningPort(server);
  }

  async kill(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    server.close();
    // Those still shaking hands too, which `closeAllConnections` does not know.
    for (const socket of this.#sockets) socket.destroy();
    await once(server, 'close');
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const [, behaviour = '', size = '', id = ''] = (request.url ?? '').split('/');
    this.seen.set(id, (this.seen.get(id) ?? 0) + 1);
    if (request.headers['x-id'] !== id) this.violations.push(`${id} came with ${String(request.headers['x-id'])}`);
    let body = '';
    request.setEncoding('latin1');
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    if (behaviour === 'early') this.#send(behaviour, Number(size), id, response);
    request.on('data', (piece: string) => {
      body += piece;
      // One piece may end within an identity.
      const whole = body.length - (body.length % (id.length + 1));
      if (body.slice(0, whole) !== `${id}|`.repeat(whole / (id.length + 1))) this.violations.push(`body of ${id}`);
      body = body.slice(whole);
    });
    request.on('end', () => {
      if (behaviour === 'late') setTimeout(() => this.#send(behaviour, Number(size), id, response), 3);
      else if (behaviour !== 'early') this.#send(behaviour, Number(size), id, response);
    });
  }

  #send(behaviour: string, count: number, id: string, response: ServerResponse): void {
    const { socket } = response;
    if (behaviour === 'kill') return void (socket instanceof TLSSocket ? socket.destroy() : socket?.resetAndDestroy());
    const body = `${id}|`.repeat(count);
    response.setHeader('X-Id', id);
    if (behaviour === 'error') response.statusCode = 503;
    if (behaviour === 'close') response.setHeader('Connection', 'close');
    const sized = behaviour === 'sized' || behaviour === 'early' || behaviour === 'kill-in-body';
    if (sized) response.setHeader('Content-Length', body.length);
    if (behaviour === 'until-close') {
      socket?.end(`HTTP/1.1 200 OK\r\nX-Id: ${id}\r\nConnection: close\r\n\r\n${body}`);
      return;
    }
    if (behaviour === 'kill-in-body') {
      response.write(body.slice(0, body.length / 2));
      setTimeout(() => socket?.destroy(), 1);
      return;
    }
    if (behaviour === 'bad-chunk') {
      socket?.write(
        `HTTP/1.1 200 OK\r\nX-Id: ${id}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n${id.slice(0, 1)}\r\nzz\r\n`,
      );
      return;
    }
    response.write(body.slice(0, body.length / 2));
    response.end(body.slice(body.length / 2));
    if (behaviour === 'reset-behind') response.on('finish', () => socket?.destroySoon());
  }
}
