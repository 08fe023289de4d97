const LARGE_BYTES = 65_536;
/** Reads of all connections land here, one after the other: what is in it is taken away before the next read. */
const LENT = Buffer.allocUnsafeSlow(16_384);

/**
 * Where the reads of one connection go. Heads and small bodies are read into one buffer that all connections share; a
 * read that fills it says that more is to come, and from then on each read has a buffer of its own that can be written
 * on without a copy.
 */
export class ReadBuffers {
  #reading: Buffer | undefined;
  #next = LENT;

  /** The socket asks before its first read and after each. */
  readonly next = (): Buffer => (this.#reading = this.#next);

  /** The bytes read last are valid during the call only. */
  get lent(): boolean {
    return this.#reading === LENT;
  }

  /** The buffer that now holds `length` bytes; chooses the one of the next read. */
  filled(length: number): Buffer {
    this.#next = length >= LENT.length ? Buffer.allocUnsafeSlow(LARGE_BYTES) : LENT;
    return this.#reading ?? LENT;
  }
}
