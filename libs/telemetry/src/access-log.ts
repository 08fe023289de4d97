import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import type { RequestRecord } from '#dataplane';
import type { AccessLogFormat } from './access-log-format.ts';
import { isRequestRecord } from './request-window.ts';

const FLUSH_MS = 100;
const FLUSH_CHARS = 65_536;
/** Characters waiting for a slow disk or terminal; beyond it lines are dropped and counted. */
const MAX_WAITING = 4_194_304;

/** Writes finished requests without ever holding one up. */
export class AccessLog {
  /** Lines that were not written because the sink was too slow. */
  dropped = 0;
  readonly #format: AccessLogFormat;
  readonly #sink: Writable;
  readonly #own: boolean;
  #lines: string[] = [];
  #chars = 0;
  #timer: NodeJS.Timeout | undefined;
  #broken = false;

  constructor(target: 'stdout' | { readonly file: string } | Writable, format: AccessLogFormat) {
    this.#format = format;
    this.#own = target !== 'stdout';
    if (target === 'stdout') this.#sink = process.stdout;
    else this.#sink = 'file' in target ? createWriteStream(target.file, { flags: 'a' }) : target;
    this.#sink.on('error', () => (this.#broken = true));
  }

  readonly onRequest = (message: unknown): void => {
    if (isRequestRecord(message)) this.add(message);
  };

  add(record: RequestRecord): void {
    if (this.#broken || this.#chars + this.#sink.writableLength > MAX_WAITING) {
      this.dropped += 1;
      return;
    }
    const line = `${this.#format(record)}\n`;
    this.#lines.push(line);
    this.#chars += line.length;
    if (this.#chars >= FLUSH_CHARS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines.length === 0) return;
    this.#sink.write(this.#lines.join(''));
    this.#lines = [];
    this.#chars = 0;
  }

  async close(): Promise<void> {
    this.flush();
    if (!this.#own || this.#broken) return;
    await new Promise<void>((resolve) => {
      this.#sink.once('close', resolve);
      this.#sink.end();
    });
  }
}
