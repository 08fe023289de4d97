import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { AnswerHead } from '../downstream.ts';
import type { HeaderBlock } from './header-block.ts';
import { HOP_BY_HOP } from './header-kind.ts';
import type { RequestHead } from './request-head.ts';

/** Body pieces up to this size join the text before them: two writes cost far more than a copy. */
const MAX_JOINED_BYTES = 16_384;

/** Writes one answer after the other to a client socket, head and small body in a single write. */
export class AnswerWriter {
  readonly #socket: Socket;
  /** Latin1 text that waits for company. */
  #text = '';
  #chunked = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  static reason(status: number): string {
    return STATUS_CODES[status] ?? '';
  }

  /** Answers true when only the end of the connection can end this body. */
  head(head: AnswerHead, request: RequestHead, close: boolean): boolean {
    const endless = head.framing < 0;
    this.#chunked = endless && !request.http10;
    const closes = close || (endless && request.http10);
    const reason = head.reason === '' ? AnswerWriter.reason(head.status) : head.reason;
    let text = `HTTP/1.1 ${head.status} ${reason}\r\n${head.headers.serialize(HOP_BY_HOP)}`;
    if (this.#chunked) text += 'Transfer-Encoding: chunked\r\n';
    if (closes) text += 'Connection: close\r\n';
    else if (request.http10) text += 'Connection: keep-alive\r\n';
    this.#text += `${text}\r\n`;
    return closes;
  }

  /** False when the client is slower than what it is sent. */
  data(buffer: Buffer, start: number, end: number): boolean {
    const length = end - start;
    if (length === 0) return true;
    const size = this.#chunked ? `${length.toString(16)}\r\n` : '';
    if (length <= MAX_JOINED_BYTES && this.#text.length <= MAX_JOINED_BYTES) {
      this.#text += size + buffer.toString('latin1', start, end);
      if (this.#chunked) this.#text += '\r\n';
      return true;
    }
    const socket = this.#socket;
    socket.cork();
    this.#text += size;
    this.flush();
    let room = socket.write(buffer.subarray(start, end));
    if (this.#chunked) room = socket.write('\r\n', 'latin1');
    socket.uncork();
    return room;
  }

  end(trailers: HeaderBlock | undefined): void {
    if (this.#chunked) this.#text += `0\r\n${trailers?.serialize(HOP_BY_HOP) ?? ''}\r\n`;
    this.#chunked = false;
    this.flush();
  }

  flush(): void {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    this.#socket.write(text, 'latin1');
  }
}
