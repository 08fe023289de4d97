import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { CardeaError } from '#kernel';
import type { ConnectionContext } from '../connection-context.ts';
import type { AnswerHead, Downstream } from '../downstream.ts';
import { Exchange } from '../exchange.ts';
import { CHUNKED } from '../message/framing.ts';
import type { HeaderBlock } from '../message/header-block.ts';
import type { RequestHead } from '../message/heads.ts';
import type { ResponseHead } from '../message/heads.ts';
import type { ErrorDetail } from '../respond.ts';
import { atEndOfTurn, type HeldBytes } from '../turn.ts';
import { fieldList, fieldsByName } from './field-list.ts';
import { readTrailers } from './request-head.ts';

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR, NGHTTP2_PROTOCOL_ERROR } = constants;
/** The handshake of WebSocket in HTTP/1.1, which HTTP/2 does without (RFC 8441 5). */
const HANDSHAKE_FIELDS = /^sec-websocket-(?:accept|key)$/;

/** A stream that lived longer cost the client as much as us: event streams always end by a reset. */
const PREMATURE_MS = 1_000;

/** The connection that a stream is part of. */
export interface StreamOwner {
  readonly context: ConnectionContext;
  readonly peerAddress: string;
  readonly localPort: number;
  /** `premature`: the client, or a fault of its own, ended it before the answer and soon. */
  streamClosed(stream: DownstreamStream, premature: boolean): void;
}

/** One HTTP/2 stream: one request and its answer. */
export class DownstreamStream implements Downstream, HeldBytes {
  readonly protocol = 'HTTP/2';
  readonly peerAddress: string;
  readonly scheme: 'http' | 'https';
  readonly localPort: number;
  readonly #stream: ServerHttp2Stream;
  readonly #owner: StreamOwner;
  readonly #exchange: Exchange;
  #requestTrailers: HeaderBlock | undefined;
  #answerTrailers: HeaderBlock | undefined;
  #tunnel: Duplex | undefined;
  #answered = false;
  #over = false;
  #faulty = false;
  /** Monotonic ms at which the answer was complete on our side; the client may still have to read it. */
  #answeredAt = Number.POSITIVE_INFINITY;

  constructor(stream: ServerHttp2Stream, head: RequestHead, owner: StreamOwner) {
    this.#stream = stream;
    this.#owner = owner;
    this.peerAddress = owner.peerAddress;
    this.scheme = owner.context.scheme;
    this.localPort = owner.localPort;
    this.#exchange = new Exchange(this, head, owner.context.limits, performance.now());
    stream.on('aborted', () => this.#aborted());
    stream.on('close', () => this.#closed());
    stream.on('drain', () => this.#exchange.attempt?.downstreamDrained());
    stream.on('wantTrailers', () => this.#sendTrailers());
  }

  /** Sends the request on its way. */
  begin(): void {
    const { context } = this.#owner;
    const exchange = this.#exchange;
    if (exchange.head.framing > context.limits.maxBodyBytes) return exchange.fail({ outcome: 'client-too-large' });
    if (exchange.head.upgrade === undefined) this.#readBody(context);
    context.stack.accept(exchange);
  }

  checkTime(now: number): void {
    const exchange = this.#exchange;
    const { context } = this.#owner;
    if (exchange.finished) {
      // A client that takes nothing must not keep what is buffered for it for ever.
      if (now - this.#answeredAt > context.limits.keepAliveTimeoutMs) this.#stream.close(NGHTTP2_CANCEL);
      return;
    }
    context.stack.checkTime(exchange, now);
    if (!exchange.requestDone && !exchange.answered && now - exchange.lastActivity > exchange.idleMs) {
      exchange.fail({ outcome: 'client-timeout' });
    }
  }

  sendInterim({ status, headers }: ResponseHead): void {
    if (this.#open) this.#stream.additionalHeaders({ ...fieldsByName(headers), ':status': status });
  }

  sendHead({ status, headers, framing }: AnswerHead): void {
    if (!this.#open) return;
    if (this.#exchange.head.upgrade !== undefined && status < 300) {
      // With extended CONNECT a 2xx would open a tunnel that the service did not open.
      throw new CardeaError('upgrade-ignored', 'the service did not switch protocols', { source: 'upstream' });
    }
    this.#stream.respond(fieldList(status, headers), {
      endStream: framing === 0,
      waitForTrailers: framing === CHUNKED,
    });
  }

  sendData(buffer: Buffer, start: number, end: number, lent: boolean): boolean {
    const stream = this.#stream;
    // `node:http2` ends the stream of a HEAD by itself.
    if (!this.#open || stream.writableEnded || start === end) return true;
    // Pieces that one turn brought leave together.
    if (stream.writableCorked === 0) {
      stream.cork();
      atEndOfTurn(this);
    }
    const piece = buffer.subarray(start, end);
    return stream.write(lent ? Buffer.from(piece) : piece);
  }

  writeHeld(): void {
    if (this.#stream.writableCorked > 0) this.#stream.uncork();
  }

  sendEnd(trailers: HeaderBlock | undefined): void {
    const stream = this.#stream;
    this.#answerTrailers = trailers;
    this.#answered = true;
    this.#answeredAt = performance.now();
    if (this.#open && !stream.writableEnded) stream.end();
    const exchange = this.#exchange;
    exchange.finish();
    // RFC 9113 8.1: asks the client to stop sending what nobody will read. Takes effect behind the answer.
    if (!exchange.requestDone && !stream.destroyed) stream.close(NGHTTP2_NO_ERROR);
  }

  abort(): void {
    this.#over = true;
    // Not `close`, which first sends the end of the stream: what is cut off must not look whole.
    this.#stream.destroy(new Error('the answer breaks off'));
  }

  destroyTunnel(): void {
    this.#tunnel?.destroy();
  }

  pauseRequest(): void {
    this.#stream.pause();
  }

  resumeRequest(): void {
    if (this.#exchange.head.upgrade === undefined) this.#stream.resume();
  }

  /** The service switched to WebSocket: what HTTP/1.1 says by 101, HTTP/2 says by 200. */
  tunnel({ headers }: ResponseHead, upstream: Duplex, rest: Buffer): void {
    const exchange = this.#exchange;
    const stream = this.#stream;
    if (!this.#open) return void upstream.destroy();
    exchange.status = 200;
    exchange.answered = true;
    this.#tunnel = upstream;
    stream.respond(fieldList(200, headers, HANDSHAKE_FIELDS));
    if (rest.length > 0) stream.write(rest);
    const active = (): void => void (exchange.lastActivity = performance.now());
    active();
    upstream.on('close', () => {
      this.#answered = true;
      exchange.tunnelEnded();
      if (stream.destroyed) return;
      stream.end();
      stream.close(NGHTTP2_NO_ERROR);
    });
    upstream.on('data', active);
    stream.on('data', active);
    upstream.pipe(stream);
    stream.pipe(upstream);
  }

  get #open(): boolean {
    return !this.#stream.destroyed && !this.#stream.closed;
  }

  #readBody({ limits }: ConnectionContext): void {
    const stream = this.#stream;
    const exchange = this.#exchange;
    const { framing } = exchange.head;
    const most = framing >= 0 ? framing : limits.maxBodyBytes;
    stream.on('data', (piece: Buffer) => {
      exchange.lastActivity = performance.now();
      if (exchange.finished) return;
      if (exchange.requestBytes + piece.length <= most) return exchange.requestData(piece);
      this.#fail({ outcome: framing >= 0 ? 'client-bad-request' : 'client-too-large' });
    });
    stream.on('trailers', (_headers, _flags, raw: string[]) => {
      const trailers = readTrailers(raw, limits);
      if ('code' in trailers) this.#fail({ outcome: 'client-bad-request', ...trailers });
      else this.#requestTrailers = trailers;
    });
    stream.on('end', () => {
      if (exchange.finished || exchange.requestDone || stream.aborted || stream.rstCode !== NGHTTP2_NO_ERROR) return;
      if (framing >= 0 && exchange.requestBytes !== framing) return this.#fail({ outcome: 'client-bad-request' });
      exchange.requestEnd(this.#requestTrailers);
    });
  }

  /** The request went wrong on its way: answered if that is still possible, otherwise the stream is reset. */
  #fail(detail: ErrorDetail): void {
    const exchange = this.#exchange;
    this.#faulty = true;
    if (!exchange.answered) return exchange.fail(detail);
    exchange.breakOff(detail.outcome, detail.code);
  }

  #sendTrailers(): void {
    const stream = this.#stream;
    if (stream.destroyed || stream.closed) return;
    stream.sendTrailers(this.#answerTrailers ? fieldsByName(this.#answerTrailers) : {});
  }

  #aborted(): void {
    const faulty = this.#stream.rstCode === NGHTTP2_PROTOCOL_ERROR;
    if (!this.#tunnel && !this.#over) this.#exchange.clientFailed(faulty ? 'client-bad-request' : 'client-aborted');
  }

  #closed(): void {
    this.#tunnel?.destroy();
    if (this.#tunnel) this.#exchange.tunnelEnded();
    else this.#aborted();
    const broken = !this.#answered && (this.#faulty || !this.#over);
    this.#owner.streamClosed(this, broken && performance.now() - this.#exchange.startedAt < PREMATURE_MS);
  }
}
