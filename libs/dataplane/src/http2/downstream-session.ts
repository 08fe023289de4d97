import { constants, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { ConnectionContext } from '../connection-context.ts';
import type { ClientConnection } from '../downstream.ts';
import type { Fault } from '../message/grammar.ts';
import { publishRefused } from '../http1/refused-request.ts';
import { nextSequence, requestId } from '../request-id.ts';
import { errorResponse } from '../respond.ts';
import { AbuseGuard } from './abuse.ts';
import { DownstreamStream, type StreamOwner } from './downstream-stream.ts';
import { readRequestHead } from './request-head.ts';
import { CONNECTION_WINDOW_BYTES, sessionOptions } from './session-options.ts';

const { NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_FLAG_END_STREAM, NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR } = constants;
/** How long a client has to go away once no more streams are served. */
const LINGER_MS = 2_000;

/** One HTTP/2 connection of a client: its streams, and what bounds them together. */
export class DownstreamSession implements ClientConnection, StreamOwner {
  readonly context: ConnectionContext;
  readonly peerAddress: string;
  readonly localPort: number;
  readonly #session: ServerHttp2Session;
  readonly #streams = new Set<DownstreamStream>();
  readonly #guard: AbuseGuard;
  #served = 0;
  #closing = false;
  /** Monotonic ms by which something has to happen while no stream is open. */
  #deadline: number;

  constructor(socket: Socket, context: ConnectionContext) {
    const now = performance.now();
    this.context = context;
    this.peerAddress = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    this.localPort = socket.localPort ?? 0;
    this.#guard = new AbuseGuard(now);
    this.#deadline = now + context.limits.headerTimeoutMs;
    // A client that is done sending is gone: HTTP/2 has no half-closed connections.
    socket.allowHalfOpen = false;
    socket.setNoDelay(true);
    const session = performServerHandshake(socket, sessionOptions(context.limits));
    this.#session = session;
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    session.on('error', () => undefined);
    session.on('stream', (stream, _headers, flags, raw) => this.#begin(stream, flags, raw));
    session.on('ping', () => this.#control());
    session.on('remoteSettings', () => {
      this.#control();
      this.#rest();
    });
    session.on('close', () => context.connectionClosed(this));
  }

  get inFlight(): number {
    return this.#streams.size;
  }

  /**
   * GOAWAY with the last stream that is served: what the client has sent beyond it is not begun, and may be sent again
   * elsewhere (RFC 9113 6.8). The notice before it that the RFC advises cannot be had: after any GOAWAY, nghttp2 takes
   * no new stream.
   */
  drain(): void {
    if (this.#closing || this.#session.destroyed) return;
    this.#closing = true;
    this.#rest();
    this.#session.close();
  }

  destroy(): void {
    // Without an error, answers that are cut off would look whole.
    if (this.#streams.size > 0) this.#session.destroy(new Error('the gateway stops'), NGHTTP2_INTERNAL_ERROR);
    else this.#session.destroy();
    for (const stream of this.#streams) stream.destroyTunnel();
  }

  checkTime(now: number): void {
    for (const stream of this.#streams) stream.checkTime(now);
    if (now <= this.#deadline || this.#streams.size > 0) return;
    if (this.#closing) this.#session.destroy();
    else this.drain();
  }

  streamClosed(stream: DownstreamStream, premature: boolean): void {
    this.#streams.delete(stream);
    if (this.#streams.size === 0) this.#rest();
    if (!this.#guard.allowsStreamEnd(premature)) this.#expel();
  }

  #begin(stream: ServerHttp2Stream, flags: number, raw: readonly string[]): void {
    // First of all: also one that is over already may still tell of its error.
    stream.on('error', () => undefined);
    if (stream.destroyed || stream.closed) {
      // Reset in the same breath in which it was opened.
      if (!this.#guard.allowsStreamEnd(true)) this.#expel();
      return;
    }
    const { limits } = this.context;
    const head = readRequestHead(raw, (flags & NGHTTP2_FLAG_END_STREAM) !== 0, limits);
    if ('code' in head) return refuse(stream, raw, head, this.peerAddress);
    const taken = new DownstreamStream(stream, head, this);
    this.#streams.add(taken);
    this.#served += 1;
    if (this.#served >= limits.maxRequestsPerConnection || this.context.draining()) this.drain();
    taken.begin();
  }

  #control(): void {
    if (!this.#guard.allowsControlFrame(performance.now())) this.#expel();
  }

  #rest(): void {
    this.#deadline = performance.now() + (this.#closing ? LINGER_MS : this.context.limits.keepAliveTimeoutMs);
  }

  #expel(): void {
    if (!this.#session.destroyed) this.#session.destroy(new Error('a flood'), NGHTTP2_ENHANCE_YOUR_CALM);
  }
}

/** Answers what is no request; unlike in HTTP/1.1 the connection is none the worse for it. */
function refuse(stream: ServerHttp2Stream, raw: readonly string[], fault: Fault, peerAddress: string): void {
  const { code, status, message } = fault;
  const id = requestId(nextSequence());
  const detail = { outcome: 'client-bad-request', code, status, message } as const;
  const { body } = errorResponse(detail, id, undefined);
  stream.respond([':status', `${status}`, 'content-type', 'application/json']);
  stream.end(body);
  stream.close(NGHTTP2_NO_ERROR);
  const valueOf = (name: string): string => raw.find((_, at) => raw[at - 1] === name) ?? '-';
  const text = `${valueOf(':method')} ${valueOf(':path')}\r\nhost: ${valueOf(':authority')}\r\n`;
  const responseBytes = Buffer.byteLength(body);
  publishRefused({ id, text, protocol: 'HTTP/2', peerAddress, status, detail, responseBytes, durationMs: 0 });
}
