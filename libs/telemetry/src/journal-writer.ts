import type { Writable } from 'node:stream';
import { type Clock, Journal, type JournalEntry, type JournalLevel, type Listener, systemClock } from '#kernel';

export interface JournalForm {
  /** `text`: a line for people. `json`: an object per line. */
  readonly format: 'text' | 'json';
  /** The least that is written. */
  readonly level: JournalLevel;
}

export interface JournalWriterOptions extends JournalForm {
  /** Standard error unless given. */
  readonly sink?: Writable;
  readonly clock?: Clock;
}

const RANKS: Readonly<Record<JournalLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };
/** Bytes waiting for a slow reader; beyond it lines are dropped and counted. */
const MAX_WAITING = 1_048_576;
const MAX_MESSAGE = 4_096;

/** Writes the journal of a process, line by line, and never waits for whoever reads it. */
export class JournalWriter {
  /** Lines that were not written because nobody read. */
  dropped = 0;
  #format = textLine;
  #least = RANKS.info;
  readonly #sink: Writable;
  readonly #clock: Clock;
  /** Since something was last written. */
  #untold = 0;
  #broken = false;

  constructor({ sink = process.stderr, clock = systemClock, ...form }: JournalWriterOptions) {
    this.#sink = sink;
    this.#clock = clock;
    this.configure(form);
    sink.on('error', () => (this.#broken = true));
  }

  /** For settings that are known only when the process runs already. */
  configure({ format, level }: JournalForm): void {
    this.#format = format === 'json' ? jsonLine : textLine;
    this.#least = RANKS[level];
  }

  readonly write = (entry: JournalEntry): void => {
    if (this.#broken || RANKS[entry.level] < this.#least) return;
    if (this.#sink.writableLength > MAX_WAITING) {
      this.dropped += 1;
      this.#untold += 1;
      return;
    }
    if (this.#untold > 0) {
      const message = `${this.#untold} lines are missing here: they came faster than they were read`;
      this.#untold = 0;
      this.#put({ level: 'warn', part: entry.part, event: 'lines-dropped', message });
    }
    this.#put(entry);
  };

  #put(entry: JournalEntry): void {
    this.#sink.write(`${this.#format(entry, this.#clock.now())}\n`);
  }
}

/** The journal of a process, on standard error. */
export class ProcessJournal extends Journal {
  readonly #writer: JournalWriter;

  constructor(options: JournalWriterOptions) {
    const writer = new JournalWriter(options);
    super(writer.write);
    this.#writer = writer;
  }

  configure(form: JournalForm): void {
    this.#writer.configure(form);
  }
}

/** Tells of the listeners that other machines can reach. */
export function recordOpenListeners(journal: Journal, part: string, listeners: readonly Listener[]): void {
  for (const { name, url } of listeners) {
    const { hostname } = new URL(url);
    if (/^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(hostname)) continue;
    const message = `${name} listens on ${url}, where other machines reach it`;
    journal.record({ level: 'info', part, event: 'listening-openly', message, details: { listener: name, url } });
  }
}

function textLine({ level, part, message }: JournalEntry, now: number): string {
  return `${new Date(now).toISOString()} ${level.toUpperCase().padEnd(5)} ${part.padEnd(13)} ${plain(message)}`;
}

function jsonLine({ level, part, event, message, details }: JournalEntry, now: number): string {
  const time = new Date(now).toISOString();
  return JSON.stringify({ time, level, part, event, message: cut(message), pid: process.pid, details });
}

/** What others wrote (file names, authors, answers) must not forge lines or move the cursor of a terminal. */
function plain(message: string): string {
  return cut(message)
    .replaceAll(/[\r\n]+/g, ' | ')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, escape);
}

function cut(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;
}

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
