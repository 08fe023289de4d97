import type { OnReadOpts, Socket } from 'node:net';
import { ChunkedDecoder, type BodySink } from './chunked-decoder.ts';
import { CHUNKED, UNTIL_CLOSE } from '../message/framing.ts';
import { HeadBuffer, INCOMPLETE } from './head-buffer.ts';
import type { HeaderBlock } from '../message/header-block.ts';
import { ReadBuffers } from './read-buffers.ts';
import { parseResponseHead } from './response-head.ts';
import type { ResponseHead } from '../message/heads.ts';
import { SocketWriter } from './socket-writer.ts';

const MAX_HEAD_BYTES = 65_536;
const MAX_HEADER_COUNT = 256;

/** Why an attempt gave no (whole) answer. `connect`: no byte can have reached the server. */
export type UpstreamFailure = 'connect' | 'reset' | 'bad-response';

/** Who waits for the answer: one exchange at a time. */
export interface UpstreamListener {
  upstreamInterim(head: ResponseHead): void;
  upstreamHead(head: ResponseHead): void;
  /** Bytes that are `lent` are valid during the call only. */
  upstreamData(buffer: Buffer, start: number, end: number, lent: boolean): void;
  upstreamEnd(trailers: HeaderBlock | undefined): void;
  /** All that one read of the socket brought has been handed over: a good moment to write. */
  upstreamReadDone(): void;
  upstreamDrained(): void;
  upstreamFailed(failure: UpstreamFailure): void;
  /** The protocol was switched; the socket belongs to the listener now. */
  upstreamSwitched(head: ResponseHead, socket: Socket, rest: Buffer): void;
}

/** What a connection tells its pool. */
export interface ConnectionOwner {
  connectionIdle(connection: UpstreamConnection): void;
  connectionClosed(connection: UpstreamConnection): void;
}

/** Opens a socket that reads as it is told, or emits 'data' where that is not to be had (TLS). */
export type OpenSocket = (onread: OnReadOpts) => Socket;

/**
 * One HTTP/1.1 connection to an endpoint. It goes back to its pool only when the answer and the request body are both
 * complete; otherwise the rest of a body would stand in front of the next request. Any byte that comes while nobody
 * waits for one destroys it.
 */
export class UpstreamConnection implements BodySink {
  readonly #socket: Socket;
  readonly #writer: SocketWriter;
  readonly #owner: ConnectionOwner;
  readonly #heads = new HeadBuffer();
  readonly #buffers = new ReadBuffers();
  #switchedOver = false;
  #listener: UpstreamListener | undefined;
  #method = '';
  #upgrading = false;
  #requestDone = true;
  #head: ResponseHead | undefined;
  #left = 0;
  #decoder: ChunkedDecoder | undefined;
  #connected = false;
  #closed = false;
  /** Exchanges that this connection served before the present one. */
  served = 0;
  /** True once a byte of the present answer has come. */
  answering = false;
  /** Monotonic ms: when it became idle, or must be connected by. */
  since = 0;

  constructor(open: OpenSocket, owner: ConnectionOwner, readyEvent: 'connect' | 'secureConnect') {
    const socket = open({
      buffer: this.#buffers.next,
      callback: (length) => this.#received(length),
    });
    this.#socket = socket;
    this.#writer = new SocketWriter(socket);
    this.#owner = owner;
    socket.setNoDelay(true);
    socket.once(readyEvent, () => (this.#connected = true));
    if (readyEvent === 'secureConnect') socket.on('data', (buffer: Buffer) => this.#read(buffer, buffer.length));
    socket.on('drain', () => this.#listener?.upstreamDrained());
    socket.on('end', () => this.#ended());
    socket.on('error', () => undefined);
    socket.on('close', () => this.#gone());
  }

  get connected(): boolean {
    return this.#connected;
  }

  get usable(): boolean {
    return !this.#closed && !this.#socket.destroyed && this.#socket.writable;
  }

  /** Sends head and the first part of the body in one write. */
  begin(listener: UpstreamListener, method: string, text: string, requestDone: boolean, upgrading: boolean): void {
    this.#listener = listener;
    this.#method = method;
    this.#upgrading = upgrading;
    this.#requestDone = requestDone;
    this.answering = false;
    this.#writer.text(text);
  }

  /** Framing around the pieces of the body. */
  writeText(text: string): void {
    this.#writer.text(text);
  }

  /** False when the socket's buffer is full: wait for `upstreamDrained`. */
  writeBytes(piece: Buffer): boolean {
    return this.#writer.bytes(piece, 0, piece.length, false);
  }

  requestCompleted(): void {
    this.#requestDone = true;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Nobody waits for the answer any more. */
  abandon(): void {
    this.#listener = undefined;
    this.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  bodyData(buffer: Buffer, start: number, end: number): void {
    this.#listener?.upstreamData(buffer, start, end, this.#buffers.lent);
  }

  /** False holds further reads back: after a switch of protocols the socket's own reader asks for more. */
  #received(length: number): boolean {
    const buffer = this.#buffers.filled(length);
    if (this.#switchedOver) return this.#socket.push(Buffer.from(buffer.subarray(0, length)));
    this.#read(buffer, length);
    return true;
  }

  #read(buffer: Buffer, end: number): void {
    const listener = this.#listener;
    if (!listener) return this.destroy();
    this.answering = true;
    let at = 0;
    while (at < end && this.#listener === listener) {
      at = this.#head ? this.#body(this.#head, buffer, at, end) : this.#readHead(listener, buffer, at, end);
    }
    listener.upstreamReadDone();
  }

  #readHead(listener: UpstreamListener, buffer: Buffer, start: number, end: number): number {
    const found = this.#heads.take(buffer, start, end, MAX_HEAD_BYTES);
    if (found === INCOMPLETE) return end;
    if (typeof found === 'string') return this.#fail('bad-response', end);
    const at = this.#heads.consumed;
    const head = parseResponseHead(found, this.#method, MAX_HEADER_COUNT);
    if ('code' in head) return this.#fail('bad-response', end);
    if (head.status === 101) return this.#switched(listener, head, buffer, at, end);
    if (head.status < 200) {
      listener.upstreamInterim(head);
      return at;
    }
    this.#head = head;
    this.#left = head.framing;
    if (head.framing === CHUNKED) this.#decoder = new ChunkedDecoder();
    listener.upstreamHead(head);
    if (this.#listener === listener && head.framing === 0) this.#complete(undefined, at === end);
    return at;
  }

  #body({ framing }: ResponseHead, buffer: Buffer, start: number, end: number): number {
    if (framing === UNTIL_CLOSE) {
      this.bodyData(buffer, start, end);
      return end;
    }
    const decoder = this.#decoder;
    if (decoder) {
      const at = decoder.read(buffer, start, end, this);
      if (decoder.failure) return this.#fail('bad-response', end);
      if (decoder.done) this.#complete(decoder.trailers, at === end);
      return at;
    }
    const at = start + Math.min(this.#left, end - start);
    this.#left -= at - start;
    this.bodyData(buffer, start, at);
    if (this.#left === 0) this.#complete(undefined, at === end);
    return at;
  }

  #complete(trailers: HeaderBlock | undefined, clean: boolean): void {
    const listener = this.#listener;
    const head = this.#head;
    if (!listener || !head) return;
    this.#listener = this.#head = this.#decoder = undefined;
    this.served += 1;
    if (clean && head.keepAlive && head.framing !== UNTIL_CLOSE && this.#requestDone && this.usable) {
      // A slow client may have paused it over the last piece; nobody would wake it for the next request.
      this.#socket.resume();
      this.#owner.connectionIdle(this);
    } else this.destroy();
    listener.upstreamEnd(trailers);
  }

  #switched(listener: UpstreamListener, head: ResponseHead, buffer: Buffer, at: number, end: number): number {
    if (!this.#upgrading) return this.#fail('bad-response', end);
    this.#listener = undefined;
    this.#switchedOver = true;
    const socket = this.#socket;
    socket.removeAllListeners('data').removeAllListeners('drain').removeAllListeners('end');
    listener.upstreamSwitched(head, socket, Buffer.from(buffer.subarray(at, end)));
    return end;
  }

  #ended(): void {
    if (this.#head?.framing === UNTIL_CLOSE) this.#complete(undefined, true);
    else this.destroy();
  }

  #fail(failure: UpstreamFailure, at: number): number {
    const listener = this.#listener;
    this.#listener = undefined;
    this.destroy();
    listener?.upstreamFailed(failure);
    return at;
  }

  #gone(): void {
    this.#closed = true;
    this.#owner.connectionClosed(this);
    this.#fail(this.#connected ? 'reset' : 'connect', 0);
  }
}
