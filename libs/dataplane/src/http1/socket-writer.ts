import type { Socket } from 'node:net';
import { atEndOfTurn, type HeldBytes } from '../turn.ts';

/** Pieces up to this size join the text before them: two writes cost far more than a copy. */
const MAX_JOINED_BYTES = 16_384;
/**
 * What waits for a slow peer before the other side is held back. Also the mark of the sockets themselves: below it Node
 * would emit a `drain` for each large piece. Never lower than theirs, so that a `drain` follows.
 */
export const MAX_QUEUED_BYTES = 262_144;
/** Text held for the end of the turn goes earlier when it is longer than this. */
const MAX_HELD_TEXT = 65_536;

/** Sends what one turn of the event loop has for a socket in a single write: heads and small bodies as one latin1 text. */
export class SocketWriter implements HeldBytes {
  readonly #socket: Socket;
  #text = '';
  #corked = false;
  #held = false;
  #ending = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Latin1 text: heads, chunk sizes, trailers. */
  text(text: string): void {
    if (this.#corked) this.#socket.write(text, 'latin1');
    else this.#text += text;
    this.#hold();
  }

  /**
   * Body bytes; false when the peer is slower than what it is sent: wait for the socket's `drain`. Bytes that are `lent`
   * are valid during the call only.
   */
  bytes(buffer: Buffer, start: number, end: number, lent: boolean): boolean {
    const socket = this.#socket;
    this.#hold();
    if (!this.#corked && end - start + this.#text.length <= MAX_JOINED_BYTES) {
      this.#text += buffer.toString('latin1', start, end);
      return socket.writableLength < MAX_QUEUED_BYTES;
    }
    if (!this.#corked) {
      this.#corked = true;
      socket.cork();
      const text = this.#text;
      this.#text = '';
      if (text !== '') socket.write(text, 'latin1');
    }
    const piece = start === 0 && end === buffer.length ? buffer : buffer.subarray(start, end);
    socket.write(lent ? Buffer.from(piece) : piece);
    return socket.writableLength < MAX_QUEUED_BYTES;
  }

  /** The peer is slower than what it is sent: add nothing new before the socket's `drain`. */
  get congested(): boolean {
    if (this.#text.length > MAX_HELD_TEXT) this.flush();
    return this.#socket.writableNeedDrain;
  }

  /** Sends what is held, then FIN: with the others of the turn, if it is little. */
  end(): void {
    this.#ending = true;
    if (this.#corked || this.#text === '' || this.#socket.writableLength > 0) this.flush();
  }

  writeHeld(): void {
    this.#held = false;
    this.flush();
  }

  /** Sends what is held at once. */
  flush(): void {
    const socket = this.#socket;
    if (this.#corked) {
      this.#corked = false;
      socket.uncork();
    } else if (this.#text !== '') {
      const text = this.#text;
      this.#text = '';
      if (!socket.destroyed) socket.write(text, 'latin1');
    }
    if (!this.#ending) return;
    this.#ending = false;
    socket.end();
  }

  #hold(): void {
    if (this.#held) return;
    this.#held = true;
    atEndOfTurn(this);
  }
}
