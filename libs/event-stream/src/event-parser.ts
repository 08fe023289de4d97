export interface ServerSentEvent {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** Longest line a server may send, characters: a peer that never ends a line must not fill the memory. */
const MAX_LINE = 64 * 1_024 * 1_024;

/** Cuts a `text/event-stream` into events, whatever the pieces it arrives in (WHATWG HTML, section 9.2.6). */
export class EventParser {
  readonly #onEvent: (event: ServerSentEvent) => void;
  #pending = '';
  #event = '';
  #id = '';
  #data: string[] = [];

  constructor(onEvent: (event: ServerSentEvent) => void) {
    this.#onEvent = onEvent;
  }

  push(text: string): void {
    this.#pending += text;
    let from = 0;
    for (let end = this.#pending.indexOf('\n'); end >= 0; end = this.#pending.indexOf('\n', from)) {
      const line = this.#pending.slice(from, end);
      from = end + 1;
      this.#line(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    this.#pending = this.#pending.slice(from);
    if (this.#pending.length > MAX_LINE) throw new Error('the event stream has a line without end');
  }

  #line(line: string): void {
    if (line === '') {
      this.#dispatch();
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    else if (field === 'data') this.#data.push(value);
    else if (field === 'id') this.#id = value;
  }

  #dispatch(): void {
    const data = this.#data.join('\n');
    const event = { event: this.#event || 'message', id: this.#id, data };
    const empty = this.#data.length === 0;
    this.#event = '';
    this.#data = [];
    if (!empty) this.#onEvent(event);
  }
}
