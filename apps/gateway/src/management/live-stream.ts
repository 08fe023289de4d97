import type { ServerResponse } from 'node:http';
import { beginEventStream, formatEvent } from '#event-stream';
import type { LiveSecond } from '#telemetry';

/** Bytes that a slow reader may leave waiting before it is cut off; it comes back by itself. */
const MAX_WAITING = 262_144;
const REMEMBERED = 120;

/** Sends every second of traffic to whoever watches; newcomers get the last two minutes first. */
export class LiveStream {
  readonly #readers = new Set<ServerResponse>();
  readonly #recent: LiveSecond[] = [];

  push(second: LiveSecond): void {
    this.#recent.push(second);
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
    for (const reader of this.#readers) {
      if (reader.writableLength > MAX_WAITING) reader.destroy();
      else reader.write(eventOf(second));
    }
  }

  attach(reader: ServerResponse): void {
    beginEventStream(reader);
    reader.write(this.#recent.map(eventOf).join('') || ': waiting\n\n');
    this.#readers.add(reader);
    reader.on('close', () => this.#readers.delete(reader));
  }

  close(): void {
    for (const reader of this.#readers) reader.end();
  }
}

function eventOf(second: LiveSecond): string {
  return formatEvent('second', JSON.stringify(second));
}
