import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';

export interface LinkOptions {
  /** Who follows. */
  readonly part: string;
  /** Begins the names of the events: `registry` makes `registry-lost` and `registry-regained`. */
  readonly name: string;
  /** For people: `the registry http://127.0.0.1:8761`. */
  readonly subject: string;
  /** What its absence means, as the end of a sentence: `what is known of it stays in use`. */
  readonly consequence: () => string;
}

/** Reasons told of one absence: one that alternates for days is not told for days. */
const MAX_REASONS = 5;

/** Tells when something that a process follows is lost, why, and for how long it was away: once each, however often it is tried. */
export class LinkJournal {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #options: LinkOptions;
  readonly #reasons = new Set<string>();
  #lostAt: number | undefined;
  #reason: string | undefined;
  #connected = false;

  constructor(journal: Journal, clock: Clock, options: LinkOptions) {
    this.#journal = journal;
    this.#clock = clock;
    this.#options = options;
  }

  /** Why it is away; undefined while it is there. */
  get reason(): string | undefined {
    return this.#reason;
  }

  up(): void {
    const { part, name, subject } = this.#options;
    if (this.#lostAt !== undefined) {
      const awayMs = Math.round(this.#clock.monotonic() - this.#lostAt);
      const message = `${subject} is ${this.#connected ? 'back' : 'there'} after ${spanText(awayMs)}`;
      this.#journal.record({ level: 'info', part, event: `${name}-regained`, message, details: { awayMs } });
    } else if (!this.#connected) {
      this.#journal.record({ level: 'debug', part, event: `${name}-followed`, message: `${subject} is followed` });
    }
    this.#connected = true;
    this.#lostAt = undefined;
    this.#reason = undefined;
    this.#reasons.clear();
  }

  /** `reason` undefined: nothing new is known, for example because nothing was tried. */
  down(reason: string | undefined): void {
    this.#lostAt ??= this.#clock.monotonic();
    if (reason === undefined) return;
    this.#reason = reason;
    if (this.#reasons.has(reason) || this.#reasons.size >= MAX_REASONS) return;
    this.#reasons.add(reason);
    const { part, name, subject, consequence } = this.#options;
    const what = this.#connected ? 'is lost' : 'cannot be followed';
    const message = `${subject} ${what}: ${reason}; ${consequence()}`;
    this.#journal.record({ level: 'warn', part, event: `${name}-lost`, message, details: { reason } });
  }
}

/** `850 ms`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function spanText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** A URL as it may be shown: names and passwords in it stay out of logs. */
export function shownUrl(url: string): string {
  return url.replace(/^([a-z+]+:\/\/)[^/?#]*@/i, '$1');
}
