import { CR, LF } from '../message/grammar.ts';

const State = { Begin: 0, Cr: 1, Over: 2 } as const;

/** RFC 9112 2.2: one empty line before a request is ignored; some clients send it behind a body. */
export class EmptyLine {
  #state: (typeof State)[keyof typeof State] = State.Begin;

  reset(): void {
    this.#state = State.Begin;
  }

  /** Where the request begins at the earliest; -1 for a CR that stands alone. */
  skip(buffer: Buffer, from: number, end: number): number {
    let at = from;
    if (this.#state === State.Begin) {
      this.#state = buffer[at] === CR ? State.Cr : State.Over;
      if (this.#state === State.Cr) at++;
    }
    if (this.#state === State.Cr && at < end) {
      this.#state = State.Over;
      return buffer[at] === LF ? at + 1 : -1;
    }
    return at;
  }
}
