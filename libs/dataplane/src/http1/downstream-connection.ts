import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionContext } from '../connection-context.ts';
import type { AnswerHead, ClientConnection, Downstream } from '../downstream.ts';
import { Exchange } from '../exchange.ts';
import { nextSequence, requestId } from '../request-id.ts';
import { errorResponse, type ErrorDetail } from '../respond.ts';
import { RequestBody } from './request-body.ts';
import { AnswerWriter } from './answer-writer.ts';
import { SocketWriter } from './socket-writer.ts';
import { EmptyLine } from './empty-line.ts';
import { HeadBuffer, INCOMPLETE, TOO_LARGE } from './head-buffer.ts';
import type { HeaderBlock } from '../message/header-block.ts';
import { BODYLESS_HOP } from '../message/header-kind.ts';
import { joinTunnel } from './join-tunnel.ts';
import { leftUnread } from './left-unread.ts';
import { BARE_LINE_FEED, LONE_CR, detailOf, publishRefused, textOf } from './refused-request.ts';
import { parseRequestHead } from './request-head.ts';
import type { ResponseHead } from '../message/heads.ts';

/** A rest of a body this long is read and dropped to keep a connection; a longer one costs the connection. */
const MAX_DROPPED_BODY = 65_536;
/** How long a connection that is to be closed still reads, so that the last answer is not lost to a reset. */
const LINGER_MS = 2_000;
/** How long the rest of the last answer may lie unsent, without progress, before the client is given up. */
const UNSENT_MS = 30_000;
/** A connection that was used within this time is likely to be used again. */
const RECENT_MS = 1_000;
/** How an HTTP/2 connection begins; read as HTTP/1.1 it is a request that nobody sends. */
const HTTP2_PREFACE = 'PRI * HTTP/2.0\r\n\r\n';

/** One client connection: reads requests in order, one exchange at a time, and writes their answers. */
export class DownstreamConnection implements Downstream, ClientConnection {
  readonly protocol = 'HTTP/1.1';
  readonly peerAddress: string;
  readonly scheme: 'http' | 'https';
  readonly #socket: Socket;
  readonly #context: ConnectionContext;
  readonly #writer: SocketWriter;
  readonly #answer: AnswerWriter;
  readonly #heads = new HeadBuffer();
  readonly #emptyLine = new EmptyLine();
  #exchange: Exchange | undefined;
  #body: RequestBody | undefined;
  /** Bytes of later requests while the present one is under way. */
  #waiting: Buffer | undefined;
  #reading = false;
  #requests = 0;
  #closeAfter = false;
  #lingering = false;
  /** Bytes of the last answer that the client has not taken yet. */
  #unsent = 0;
  #ended = false;
  #tunnel: Duplex | undefined;
  /** Monotonic ms by which something has to happen. */
  #deadline: number;

  constructor(socket: Socket, context: ConnectionContext) {
    this.#socket = socket;
    this.#context = context;
    this.#writer = new SocketWriter(socket);
    this.#answer = new AnswerWriter(this.#writer);
    this.scheme = context.scheme;
    this.peerAddress = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    this.#deadline = performance.now() + context.limits.headerTimeoutMs;
    socket.setNoDelay(true);
    socket.on('data', (buffer: Buffer) => this.#data(buffer));
    socket.on('drain', () => this.#drained());
    socket.on('end', () => this.#clientEnded());
    socket.on('error', () => undefined);
    socket.on('close', () => this.#gone());
  }

  get localPort(): number {
    return this.#socket.localPort ?? 0;
  }

  get inFlight(): number {
    return this.#exchange || this.#tunnel ? 1 : 0;
  }

  /** One more answer at most, which says that it is the last. A client that has just been here may be sending already. */
  drain(): void {
    this.#closeAfter = true;
    if (this.inFlight > 0 || this.#lingering || this.#ended || !this.#heads.empty) return;
    const { headerTimeoutMs, keepAliveTimeoutMs } = this.#context.limits;
    const idleSince = this.#deadline - (this.#requests === 0 ? headerTimeoutMs : keepAliveTimeoutMs);
    this.#deadline = Math.min(this.#deadline, idleSince + RECENT_MS);
    this.checkTime(performance.now());
  }

  destroy(): void {
    this.#socket.destroy();
    this.#tunnel?.destroy();
  }

  checkTime(now: number): void {
    const exchange = this.#exchange;
    if (exchange && !exchange.finished) {
      this.#context.stack.checkTime(exchange, now);
      if (!exchange.requestDone && !exchange.answered && now - exchange.lastActivity > exchange.idleMs) {
        exchange.fail({ outcome: 'client-timeout' });
      }
    }
    if (!this.#tunnel && this.#socket.isPaused()) this.#checkPeer();
    if (now <= this.#deadline || this.#tunnel) return;
    if (this.#lingering && this.#socket.writableLength !== this.#unsent) return this.#awaitSent(now);
    if (this.#lingering || this.#ended) return void this.#socket.destroy();
    // Answered already, but the rest of its body does not come.
    if (exchange) return void (exchange.finished && this.#socket.destroy());
    if (this.#heads.empty) this.#writer.end();
    else this.#refuse({ outcome: 'client-timeout' }, '');
    this.#linger();
  }

  sendInterim({ status, reason, headers }: ResponseHead): void {
    if (this.#exchange?.head.http10 === true) return;
    this.#writer.text(`HTTP/1.1 ${status} ${reason}\r\n${headers.serialize(BODYLESS_HOP)}\r\n`);
  }

  sendHead(head: AnswerHead): void {
    const exchange = this.#exchange;
    if (!exchange) return;
    const { limits } = this.#context;
    const leaving = this.#context.draining() || (this.#ended && !this.#waiting);
    const droppable = exchange.requestDone || (exchange.head.framing >= 0 && exchange.head.framing <= MAX_DROPPED_BODY);
    if (!exchange.head.keepAlive || leaving || this.#requests >= limits.maxRequestsPerConnection || !droppable) {
      this.#closeAfter = true;
    }
    if (this.#answer.head(head, exchange.head, this.#closeAfter)) this.#closeAfter = true;
  }

  sendData(buffer: Buffer, start: number, end: number, lent: boolean): boolean {
    return this.#answer.data(buffer, start, end, lent);
  }

  sendEnd(trailers: HeaderBlock | undefined): void {
    this.#answer.end(trailers);
    const exchange = this.#exchange;
    if (!exchange) return;
    exchange.finish();
    if (this.#closeAfter) {
      this.#exchange = undefined;
      this.#writer.end();
      this.#linger();
    } else if (exchange.requestDone) this.#next();
    else {
      this.#deadline = performance.now() + this.#context.limits.headerTimeoutMs;
      this.#socket.resume();
    }
  }

  abort(): void {
    const endless = this.#exchange?.head.http10 === true;
    this.#exchange = undefined;
    // What was answered before is still delivered; only an HTTP/1.0 client may take the end for that of the body.
    this.#writer.end();
    if (endless) this.#socket.destroy();
    else this.#linger();
  }

  pauseRequest(): void {
    this.#socket.pause();
  }

  resumeRequest(): void {
    if (!this.#waiting) this.#socket.resume();
  }

  tunnel({ status, reason, headers }: ResponseHead, upstream: Duplex, rest: Buffer): void {
    const exchange = this.#exchange;
    if (!exchange) return void upstream.destroy();
    const upgrade = exchange.head.upgrade ?? '';
    exchange.status = status;
    exchange.answered = true;
    this.#tunnel = upstream;
    const socket = this.#socket;
    const lines = `HTTP/1.1 ${status} ${reason}\r\n${headers.serialize(BODYLESS_HOP)}Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n\r\n`;
    this.#writer.text(lines);
    this.#writer.flush();
    if (rest.length > 0) socket.write(rest);
    if (this.#waiting) upstream.write(this.#waiting);
    this.#waiting = undefined;
    joinTunnel(socket, upstream, {
      active: () => (exchange.lastActivity = performance.now()),
      ended: () => exchange.tunnelEnded(),
    });
  }

  #data(buffer: Buffer): void {
    if (this.#lingering) return;
    if (this.#waiting) {
      this.#waiting = Buffer.concat([this.#waiting, buffer]);
      return void this.#socket.pause();
    }
    this.#read(buffer);
  }

  #read(buffer: Buffer): void {
    this.#reading = true;
    const end = buffer.length;
    let at = 0;
    while (at < end && !this.#lingering) {
      const exchange = this.#exchange;
      // A client that does not take its answers gets no more of them.
      if (exchange ? exchange.requestDone : this.#writer.congested) {
        this.#waiting = buffer.subarray(at);
        this.#socket.pause();
        break;
      }
      if (!exchange) at = this.#readHead(buffer, at, end);
      else at = this.#readBody(exchange, buffer, at, end);
    }
    this.#reading = false;
  }

  #readHead(buffer: Buffer, from: number, end: number): number {
    const { limits, stack } = this.#context;
    const first = this.#heads.empty;
    const start = first ? this.#emptyLine.skip(buffer, from, end) : from;
    if (start < 0) return this.#refuse(detailOf(LONE_CR), textOf(buffer, from, end));
    if (start === end) return end;
    const before = this.#heads.held;
    const found = this.#heads.take(buffer, start, end, limits.maxHeaderBytes);
    if (found === INCOMPLETE) {
      if (first) this.#deadline = performance.now() + limits.headerTimeoutMs;
      return end;
    }
    if (found === TOO_LARGE) {
      const tooLarge: ErrorDetail = { outcome: 'client-too-large', code: 'headers-too-large', status: 431 };
      return this.#refuse(tooLarge, textOf(before) + textOf(buffer, start, end));
    }
    const head = typeof found === 'string' ? BARE_LINE_FEED : parseRequestHead(found, limits);
    if ('code' in head) {
      if (
        typeof found !== 'string' &&
        found.text === HTTP2_PREFACE &&
        this.#requests === 0 &&
        this.#context.switchToHttp2
      ) {
        return this.#handOver(buffer.subarray(this.#heads.consumed, end));
      }
      return this.#refuse(detailOf(head), textOf(before) + textOf(buffer, start, end));
    }
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#requests += 1;
    const exchange = new Exchange(this, head, limits, performance.now());
    this.#exchange = exchange;
    let at = this.#heads.consumed;
    if (head.framing > limits.maxBodyBytes) exchange.fail({ outcome: 'client-too-large' });
    else {
      if (!exchange.requestDone) {
        this.#body = new RequestBody(exchange, limits.maxBodyBytes);
        if (at < end) at = this.#readBody(exchange, buffer, at, end);
      }
      if (!exchange.finished) stack.accept(exchange);
    }
    return at;
  }

  #readBody(exchange: Exchange, buffer: Buffer, start: number, end: number): number {
    const body = this.#body;
    if (!body) return end;
    exchange.lastActivity = performance.now();
    const at = body.read(buffer, start, end);
    if (body.failure) {
      this.#closeAfter = true;
      if (exchange.answered) {
        this.#linger();
        return end;
      }
      exchange.fail(body.failure);
      return end;
    }
    if (body.done) {
      this.#body = undefined;
      exchange.requestEnd(body.trailers);
      if (exchange.finished) this.#next();
    }
    return at;
  }

  /** The exchange is over in both directions: on to the next request. */
  #next(): void {
    this.#deadline = (this.#exchange?.endedAt ?? performance.now()) + this.#context.limits.keepAliveTimeoutMs;
    this.#exchange = undefined;
    this.#emptyLine.reset();
    if (!this.#reading) this.#proceed();
  }

  /** Goes on with what came meanwhile. */
  #proceed(): void {
    const waiting = this.#waiting;
    if (waiting) {
      if (this.#writer.congested) return;
      this.#waiting = undefined;
      this.#socket.resume();
      this.#read(waiting);
    } else this.#socket.resume();
    if (this.#ended && !this.#exchange && !this.#waiting && !this.#lingering) this.#leave();
  }

  #drained(): void {
    const exchange = this.#exchange;
    if (exchange) exchange.attempt?.downstreamDrained();
    else if (!this.#lingering) this.#proceed();
  }

  /** The client speaks HTTP/2 with prior knowledge (RFC 9113 3.3): the bytes go back, others read them. */
  #handOver(rest: Buffer): number {
    const socket = this.#socket;
    this.#lingering = true;
    socket.pause();
    for (const event of ['data', 'drain', 'end', 'error', 'close']) socket.removeAllListeners(event);
    socket.unshift(Buffer.concat([Buffer.from(HTTP2_PREFACE, 'latin1'), rest]));
    this.#context.switchToHttp2?.(this, socket);
    return Number.MAX_SAFE_INTEGER;
  }

  /** Answers what is no request and closes: after it nobody knows where the next one begins. */
  #refuse(detail: ErrorDetail, text: string): number {
    const id = requestId(nextSequence());
    const local = errorResponse(detail, id, undefined);
    const responseBytes = Buffer.byteLength(local.body);
    this.#writer.text(
      `HTTP/1.1 ${local.status} ${AnswerWriter.reason(local.status)}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${responseBytes}\r\nConnection: close\r\n\r\n${local.body}`,
    );
    this.#tellRefused(id, detail, text, local.status, responseBytes);
    this.#writer.end();
    this.#linger();
    return Number.MAX_SAFE_INTEGER;
  }

  #tellRefused(id: string, detail: ErrorDetail, text: string, status: number, responseBytes: number): void {
    publishRefused({
      id,
      text: text === '' ? textOf(this.#heads.held) : text,
      peerAddress: this.peerAddress,
      status,
      detail,
      responseBytes,
      durationMs: Math.max(0, performance.now() - this.#deadline + this.#context.limits.headerTimeoutMs),
    });
  }

  #linger(): void {
    this.#lingering = true;
    this.#waiting = undefined;
    this.#heads.clear();
    this.#awaitSent(performance.now());
    this.#socket.once('finish', () => (this.#deadline = performance.now() + LINGER_MS));
    this.#socket.resume();
  }

  #awaitSent(now: number): void {
    this.#unsent = this.#socket.writableLength;
    this.#deadline = now + (this.#unsent > 0 ? UNSENT_MS : LINGER_MS);
  }

  /** A client may leave while it is held back. */
  #checkPeer(): void {
    const left = leftUnread(this.#socket);
    if (left === 'reset') this.#socket.destroy();
    // What it still sent fits the socket's buffer; reading that tells whether its request is whole.
    else if (left === 'ended' && !this.#waiting) this.#socket.resume();
  }

  #clientEnded(): void {
    this.#ended = true;
    const exchange = this.#exchange;
    if (!exchange) {
      if (!this.#waiting && !this.#lingering) this.#leave();
    } else if (!exchange.requestDone) {
      exchange.clientFailed('client-aborted');
      this.#socket.destroy();
    }
  }

  /** Nothing more can come, and everything that came is answered. */
  #leave(): void {
    this.#abandonHead();
    this.#writer.end();
  }

  #abandonHead(): void {
    if (this.#heads.empty) return;
    this.#tellRefused(requestId(nextSequence()), { outcome: 'client-aborted' }, '', 0, 0);
    this.#heads.clear();
  }

  #gone(): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (this.#tunnel) exchange?.tunnelEnded();
    else exchange?.clientFailed('client-aborted');
    this.#abandonHead();
    this.#context.connectionClosed(this);
  }
}
