import { CR, LF } from '../message/grammar.ts';
import type { HeadText } from './scan-lines.ts';

const NONE = Buffer.alloc(0);
const END = '\r\n\r\n';

/** Reads of more than this are searched for the end of the head before any of them becomes text. */
const SMALL_READ = 2_048;

/** What `HeadBuffer.take` found beside a head. */
export const INCOMPLETE = 'incomplete';
/** A line feed without its carriage return: no head that this codec accepts can follow. */
export const BARE_LF = 'bare-lf';
export const TOO_LARGE = 'too-large';

/** Collects the bytes of one message head over as many reads as it takes. */
export class HeadBuffer {
  #held: Buffer = NONE;
  /** Where in the buffer given to `take` the bytes behind the head begin. */
  consumed = 0;

  get empty(): boolean {
    return this.#held.length === 0;
  }

  /** The bytes held so far; for guessing what an unfinished head was to be. */
  get held(): Buffer {
    return this.#held;
  }

  clear(): void {
    this.#held = NONE;
  }

  /** The head, CRLF CRLF included, from `[start, end)` after what is held; or why there is none. */
  take(buffer: Buffer, start: number, end: number, maxBytes: number): HeadText | string {
    if (this.#held.length === 0) {
      let until = Math.min(end, start + maxBytes);
      if (until - start > SMALL_READ) {
        const found = buffer.indexOf(END, start, 'latin1');
        if (found >= 0 && found + 4 <= until) until = found + 4;
      }
      const text = buffer.toString('latin1', start, until);
      const at = text.indexOf(END);
      if (at >= 0) {
        this.consumed = start + at + 4;
        return { text: at + 4 === text.length ? text : text.slice(0, at + 4), bytes: buffer, base: start };
      }
      return this.#hold(buffer.subarray(start, end), 0, maxBytes);
    }
    const before = this.#held.length;
    const whole = Buffer.concat([this.#held, buffer.subarray(start, end)]);
    const at = whole.indexOf(END, Math.max(0, before - 3), 'latin1');
    if (at >= 0 && at + 4 <= maxBytes) {
      this.consumed = start + at + 4 - before;
      this.#held = NONE;
      return { text: whole.toString('latin1', 0, at + 4), bytes: whole, base: 0 };
    }
    return this.#hold(whole, before, maxBytes);
  }

  #hold(bytes: Buffer, checked: number, maxBytes: number): string {
    for (let at = bytes.indexOf(LF, checked); at >= 0; at = bytes.indexOf(LF, at + 1)) {
      if (at === 0 || bytes[at - 1] !== CR) return BARE_LF;
    }
    if (bytes.length >= maxBytes) return TOO_LARGE;
    this.#held = Buffer.from(bytes);
    return INCOMPLETE;
  }
}
