import { type CancelTimer, CardeaError, type Clock, systemClock } from '#kernel';
import { EventParser, type ServerSentEvent } from './event-parser.ts';
import { openStream } from './open-stream.ts';
import type { RegistryChanges, RegistrySnapshot } from './stream-events.ts';

export interface Disconnection {
  readonly error: CardeaError;
  /** Failures in a row. */
  readonly attempt: number;
  readonly retryInMs: number;
}

export interface WatchRegistryOptions {
  /** Base URL of the registry: `http://127.0.0.1:8761`. */
  readonly url: string;
  /** Only these services; all when left out. */
  readonly services?: readonly string[];
  /** Everything that is there. Comes first, and again when the connection was away too long to be resumed. */
  readonly onSnapshot: (snapshot: RegistrySnapshot) => void;
  readonly onChange: (changes: RegistryChanges) => void;
  /** What was told before stays true as far as anybody knows: keep serving from it. */
  readonly onDisconnected?: (disconnection: Disconnection) => void;
  readonly onConnected?: () => void;
  readonly headers?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
}

export interface RegistryWatch {
  readonly connected: boolean;
  /** Nothing is called back afterwards. */
  close(): void;
}

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
/** The registry says something every 15 s; three times as long means that nobody is there. */
const SILENCE_MS = 45_000;

/** Follows a registry for as long as it takes: connects, resumes where it was, and tells what changes. */
export function watchRegistry(options: WatchRegistryOptions): RegistryWatch {
  return new Watch(options);
}

class Watch implements RegistryWatch {
  connected = false;
  readonly #options: WatchRegistryOptions;
  readonly #clock: Clock;
  readonly #url: string;
  #index = '';
  #attempt = 0;
  #abort = new AbortController();
  #cancelRetry: CancelTimer | undefined;
  #cancelSilence: CancelTimer | undefined;
  #closed = false;

  constructor(options: WatchRegistryOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const base = options.url.endsWith('/') ? options.url : `${options.url}/`;
    const query =
      options.services === undefined ? '' : `?service=${options.services.map(encodeURIComponent).join(',')}`;
    this.#url = new URL(`api/v1/stream${query}`, base).href;
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
      this.#retry(new Error('the registry ended the stream'));
    } catch (error) {
      this.#retry(error);
    }
  }

  async #follow(): Promise<void> {
    const headers: Record<string, string> = { ...this.#options.headers, accept: 'text/event-stream' };
    if (this.#index !== '') headers['last-event-id'] = this.#index;
    this.#expectLife();
    const response = await openStream(this.#url, headers, this.#abort.signal);
    if (response.statusCode !== 200) {
      response.destroy();
      throw new Error(`the registry answered ${response.statusCode}`);
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

  #take({ event, id, data }: ServerSentEvent): void {
    if (this.#closed) return;
    if (event === 'snapshot') {
      const snapshot: RegistrySnapshot = JSON.parse(data);
      this.#options.onSnapshot(snapshot);
    } else if (event === 'change') {
      const changes: RegistryChanges = JSON.parse(data);
      this.#options.onChange(changes);
    }
    if (id !== '') this.#index = id;
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
    // Clients of a registry that restarts must not all come back in the same instant.
    const retryInMs = Math.round(full * (0.75 + Math.random() * 0.5));
    const error = new CardeaError('registry-unreachable', `the registry at ${this.#options.url} cannot be followed`, {
      source: 'upstream',
      retry: 'yes',
      cause,
      remedy: 'see that it runs and that the URL is right; what is known of it stays in use until it is back',
    });
    this.#cancelRetry = this.#clock.schedule(retryInMs, () => void this.#run());
    this.#options.onDisconnected?.({ error, attempt: this.#attempt, retryInMs });
  }
}
