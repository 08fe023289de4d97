import type { Exchange } from '../exchange.ts';
import type { ErrorDetail } from '../respond.ts';
import { ChunkedDecoder, type BodySink } from './chunked-decoder.ts';
import { CHUNKED } from '../message/framing.ts';
import type { HeaderBlock } from '../message/header-block.ts';

/** Takes one request body out of the client's bytes and hands it to its exchange. */
export class RequestBody implements BodySink {
  readonly #exchange: Exchange;
  readonly #maxBytes: number;
  readonly #decoder: ChunkedDecoder | undefined;
  #left: number;
  done = false;
  failure: ErrorDetail | undefined;

  constructor(exchange: Exchange, maxBytes: number) {
    this.#exchange = exchange;
    this.#maxBytes = maxBytes;
    this.#left = exchange.head.framing;
    this.#decoder = exchange.head.framing === CHUNKED ? new ChunkedDecoder() : undefined;
  }

  get trailers(): HeaderBlock | undefined {
    return this.#decoder?.trailers;
  }

  /** Answers where it stopped: at `end` or behind the body. */
  read(buffer: Buffer, start: number, end: number): number {
    const decoder = this.#decoder;
    if (decoder) {
      const at = decoder.read(buffer, start, end, this);
      this.done = decoder.done;
      const { failure } = decoder;
      if (failure) this.failure ??= { outcome: 'client-bad-request', ...failure };
      return at;
    }
    const at = start + Math.min(this.#left, end - start);
    this.#left -= at - start;
    this.bodyData(buffer, start, at);
    this.done = this.#left === 0;
    return at;
  }

  bodyData(buffer: Buffer, start: number, end: number): void {
    if (this.failure) return;
    if (this.#exchange.requestBytes + end - start > this.#maxBytes) {
      this.failure = { outcome: 'client-too-large' };
      return;
    }
    this.#exchange.requestData(buffer.subarray(start, end));
  }
}
