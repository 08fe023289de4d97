import { STATUS_CODES } from 'node:http';
import type { AnswerHead } from '../downstream.ts';
import type { HeaderBlock } from '../message/header-block.ts';
import { BODYLESS_HOP, HOP_BY_HOP } from '../message/header-kind.ts';
import type { RequestHead } from '../message/heads.ts';
import type { SocketWriter } from './socket-writer.ts';

/** Frames one answer after the other for a client. */
export class AnswerWriter {
  readonly #writer: SocketWriter;
  #chunked = false;

  constructor(writer: SocketWriter) {
    this.#writer = writer;
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
    let text = `HTTP/1.1 ${head.status} ${reason}\r\n${head.headers.serialize(head.status === 204 ? BODYLESS_HOP : HOP_BY_HOP)}`;
    if (this.#chunked) text += 'Transfer-Encoding: chunked\r\n';
    if (closes) text += 'Connection: close\r\n';
    else if (request.http10) text += 'Connection: keep-alive\r\n';
    this.#writer.text(`${text}\r\n`);
    return closes;
  }

  /** False when the client is slower than what it is sent. */
  data(buffer: Buffer, start: number, end: number, lent: boolean): boolean {
    if (start === end) return true;
    if (!this.#chunked) return this.#writer.bytes(buffer, start, end, lent);
    this.#writer.text(`${(end - start).toString(16)}\r\n`);
    const room = this.#writer.bytes(buffer, start, end, lent);
    this.#writer.text('\r\n');
    return room;
  }

  end(trailers: HeaderBlock | undefined): void {
    if (this.#chunked) this.#writer.text(`0\r\n${trailers?.serialize(HOP_BY_HOP) ?? ''}\r\n`);
    this.#chunked = false;
  }
}
