import { type CancelTimer, CardeaError, type Clock, systemClock } from '#kernel';
import { EventParser, type ServerSentEvent } from './event-parser.ts';
import { refusalOf } from './failure.ts';
import { COMMENT_EVERY_MS } from './format-event.ts';
import { openStream } from './open-stream.ts';

export interface Disconnection {
  /** What stands in `FollowOptions.unreachable`, with the cause. */
  readonly error: CardeaError;
  /** Failures in a row. */
  readonly attempt: number;
  readonly retryInMs: number;
}

/** What is open to whoever follows a server, whatever its stream tells. */
export interface ConnectionOptions {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly clock?: Clock | undefined;
  /** How the stream is opened, for callers that guard their calls. */
  readonly open?: typeof openStream | undefined;
  readonly onConnected?: (() => void) | undefined;
  /** What was told before stays true as far as anybody knows: keep serving from it. */
  readonly onDisconnected?: ((disconnection: Disconnection) => void) | undefined;
}

export interface FollowOptions extends ConnectionOptions {
  readonly url: string;
  /** What it means that this stream is away, in the words of whoever follows it. */
  readonly unreachable: { readonly code: string; readonly message: string; readonly remedy: string };
  /** What it throws ends the connection, which is then made anew. */
  readonly onEvent: (event: ServerSentEvent) => void;
}

export interface EventFollower {
  readonly connected: boolean;
  /** Nothing is called back afterwards. */
  close(): void;
}

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
/** Three comments missed mean that nobody is there. */
const SILENCE_MS = 3 * COMMENT_EVERY_MS;

/** Follows an event stream for as long as it takes: connects, and comes back with the id of the last event. */
export function followEvents(options: FollowOptions): EventFollower {
  return new Follower(options);
}

class Follower implements EventFollower {
  connected = false;
  readonly #options: FollowOptions;
  readonly #clock: Clock;
  #lastId = '';
  #attempt = 0;
  #abort = new AbortController();
  #cancelRetry: CancelTimer | undefined;
  #cancelSilence: CancelTimer | undefined;
  #closed = false;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    void this.#run();
  }

  close(): void {
    this.#closed = true;
    this.connected = false;
    this.#cancelRetry?.();
    this.#cancelSilence?.();
    this.#abort.abort();
  }

  async #run(): Promise<void> {
    this.#abort = new AbortController();
    try {
      await this.#follow();
      this.#retry(new Error('the server ended the stream'));
    } catch (error) {
      this.#retry(error);
    }
  }

  async #follow(): Promise<void> {
    const headers: Record<string, string> = { ...this.#options.headers, accept: 'text/event-stream' };
    if (this.#lastId !== '') headers['last-event-id'] = this.#lastId;
    this.#expectLife();
    const response = await (this.#options.open ?? openStream)(this.#options.url, headers, this.#abort.signal);
    if (response.statusCode !== 200) {
      throw await refusalOf(response);
    }
    this.connected = true;
    this.#attempt = 0;
    this.#options.onConnected?.();
    const parser = new EventParser((event) => this.#take(event));
    for await (const text of response) {
      if (this.#closed) return;
      this.#expectLife();
      parser.push(String(text));
    }
  }

  #take(event: ServerSentEvent): void {
    if (this.#closed) return;
    this.#options.onEvent(event);
    if (event.id !== '') this.#lastId = event.id;
  }

  #expectLife(): void {
    this.#cancelSilence?.();
    this.#cancelSilence = this.#clock.schedule(SILENCE_MS, () =>
      this.#abort.abort(new Error(`nothing came for ${SILENCE_MS / 1_000} s`)),
    );
  }

  #retry(cause: unknown): void {
    this.#cancelSilence?.();
    this.connected = false;
    if (this.#closed) return;
    this.#attempt += 1;
    const full = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.#attempt - 1));
    // Clients of a server that restarts must not all come back in the same instant.
    const retryInMs = Math.round(full * (0.75 + Math.random() * 0.5));
    this.#cancelRetry = this.#clock.schedule(retryInMs, () => void this.#run());
    const { code, message, remedy } = this.#options.unreachable;
    const error = new CardeaError(code, message, { source: 'upstream', retry: 'yes', cause, remedy });
    this.#options.onDisconnected?.({ error, attempt: this.#attempt, retryInMs });
  }
}
