import { CR, fault, LF, TOKEN, type Fault } from '../message/grammar.ts';
import { HeaderBlock } from '../message/header-block.ts';
import { headText, scanLines } from './scan-lines.ts';

/** Takes the pieces of a body; they are valid only during the call. */
export interface BodySink {
  bodyData(buffer: Buffer, start: number, end: number): void;
}

const State = { Size: 0, Extension: 1, SizeLf: 2, Data: 3, DataCr: 4, DataLf: 5, Trailers: 6, Done: 7 } as const;
type State = (typeof State)[keyof typeof State];

const MAX_EXTENSION_BYTES = 1_024;
const MAX_TRAILER_BYTES = 8_192;
const MAX_TRAILERS = 32;
const BAD_SIZE = fault('bad-chunk-size', 'a chunk does not begin with its size in hexadecimal digits and CRLF');
const BAD_END = fault('bad-chunk-end', 'a chunk is not followed by CRLF');
const BAD_TRAILER = fault('bad-trailer', 'the trailer section is malformed, too long or frames the message');

/** Takes a chunked body apart. Extensions are dropped; trailers are kept for the end. */
export class ChunkedDecoder {
  #state: State = State.Size;
  #digits = 0;
  #left = 0;
  #extension = '';
  #trailerText = '';
  failure: Fault | undefined;
  trailers: HeaderBlock | undefined;

  get done(): boolean {
    return this.#state === State.Done;
  }

  /** Reads `[at, end)`, hands data to `sink` and answers where it stopped: at `end`, behind the body, or at a failure. */
  read(buffer: Buffer, at: number, end: number, sink: BodySink): number {
    while (at < end && this.#state !== State.Done && !this.failure) {
      if (this.#state === State.Data) {
        const take = Math.min(this.#left, end - at);
        sink.bodyData(buffer, at, at + take);
        this.#left -= take;
        at += take;
        if (this.#left === 0) this.#state = State.DataCr;
      } else this.#framing(buffer[at++] ?? 0);
    }
    return at;
  }

  #framing(byte: number): void {
    switch (this.#state) {
      case State.Size:
        return this.#size(byte);
      case State.Extension:
        return this.#extend(byte);
      case State.SizeLf:
        if (byte !== LF) return this.#fail(BAD_SIZE);
        this.#state = this.#left === 0 ? State.Trailers : State.Data;
        this.#digits = 0;
        return;
      case State.DataCr:
        if (byte !== CR) return this.#fail(BAD_END);
        this.#state = State.DataLf;
        return;
      case State.DataLf:
        if (byte !== LF) return this.#fail(BAD_END);
        this.#state = State.Size;
        return;
      case State.Trailers:
        return this.#trailer(byte);
      case State.Data:
      case State.Done:
      default:
        return;
    }
  }

  #size(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      // Eight digits: a chunk of 4 GiB is more than anybody means.
      if (++this.#digits > 8) return this.#fail(BAD_SIZE);
      this.#left = this.#left * 16 + digit;
    } else if (this.#digits > 0 && byte === CR) this.#state = State.SizeLf;
    else if (this.#digits > 0 && byte === 0x3b) {
      this.#extension = ';';
      this.#state = State.Extension;
    } else this.#fail(BAD_SIZE);
  }

  /** `;name` or `;name=value`, tokens only: quoted strings are where parsers disagree. */
  #extend(byte: number): void {
    if (byte === CR) {
      if (!/^(?:;[^;=]+(?:=[^;=]+)?)+$/.test(this.#extension)) return this.#fail(BAD_SIZE);
      this.#state = State.SizeLf;
      return;
    }
    const allowed = TOKEN[byte] === 1 || byte === 0x3b || byte === 0x3d;
    if (!allowed || this.#extension.length >= MAX_EXTENSION_BYTES) return this.#fail(BAD_SIZE);
    this.#extension += String.fromCharCode(byte);
  }

  #trailer(byte: number): void {
    this.#trailerText += String.fromCharCode(byte);
    if (this.#trailerText.length > MAX_TRAILER_BYTES) return this.#fail(BAD_TRAILER);
    if (byte !== LF) return;
    const text = this.#trailerText;
    if (text === '\r\n') {
      this.#state = State.Done;
      return;
    }
    if (!text.endsWith('\r\n')) return this.#fail(BAD_TRAILER);
    if (!text.endsWith('\r\n\r\n')) return;
    const block = new HeaderBlock(text);
    if (scanLines(headText(text), 0, block, MAX_TRAILERS) || block.seen !== 0) return this.#fail(BAD_TRAILER);
    this.trailers = block;
    this.#state = State.Done;
  }

  #fail(failure: Fault): void {
    this.failure = failure;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 0x20;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
