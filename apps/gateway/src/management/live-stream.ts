import type { ServerResponse } from 'node:http';
import { beginEventStream, formatEvent } from '#event-stream';
import type { LiveSecond } from '#telemetry';

/** Bytes that a slow reader may leave waiting, beside what newcomers get first, before it is cut off; it comes back by itself. */
const MAX_WAITING = 262_144;
/** Five minutes: what the charts of the UI show. */
const REMEMBERED = 300;
/** With thousands of routes a second is large: fewer of them are remembered then. */
const MAX_REMEMBERED_CHARS = 4_194_304;

/** Sends every second of traffic to whoever watches; newcomers get the last five minutes first. */
export class LiveStream {
  /** With the bytes that each may leave waiting. */
  readonly #readers = new Map<ServerResponse, number>();
  readonly #recent: string[] = [];
  #chars = 0;

  push(second: LiveSecond): void {
    const event = formatEvent('second', JSON.stringify(second));
    this.#recent.push(event);
    this.#chars += event.length;
    while (this.#recent.length > REMEMBERED || (this.#chars > MAX_REMEMBERED_CHARS && this.#recent.length > 1)) {
      this.#chars -= this.#recent.shift()?.length ?? 0;
    }
    for (const [reader, bound] of this.#readers) {
      if (reader.writableLength > bound) reader.destroy();
      else reader.write(event);
    }
  }

  attach(reader: ServerResponse): void {
    beginEventStream(reader);
    const replay = this.#recent.join('') || ': waiting\n\n';
    reader.write(replay);
    this.#readers.set(reader, MAX_WAITING + Buffer.byteLength(replay));
    reader.on('close', () => this.#readers.delete(reader));
  }

  close(): void {
    for (const reader of this.#readers.keys()) reader.end();
  }
}
