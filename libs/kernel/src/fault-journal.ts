import type { Journal } from './journal.ts';

const MAX_TOLD = 100;

/** Tells of faults in our own code, each kind once: a request that fails a thousand times a second is one line. */
export class FaultJournal {
  readonly #journal: Journal;
  readonly #part: string;
  readonly #told = new Set<string>();

  constructor(journal: Journal, part: string) {
    this.#journal = journal;
    this.#part = part;
  }

  /** `what` was being done, for people: `GET of a stream`. */
  record(error: unknown, what: string): void {
    const message = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? (error.stack ?? '') : '';
    const frame = /^\s+at .*$/m.exec(stack)?.[0].trim() ?? '';
    const key = `${message} ${frame}`;
    if (this.#told.has(key) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(key);
    this.#journal.record({
      level: 'error',
      part: this.#part,
      event: 'internal-fault',
      message: `${what} failed: ${message}${frame === '' ? '' : ` (${frame})`}; told once`,
      details: { stack },
    });
  }
}
