import { Store } from './store.ts';

export type Connection =
  | { readonly phase: 'idle' }
  | { readonly phase: 'connecting' }
  | { readonly phase: 'open' }
  | { readonly phase: 'lost'; readonly since: number; readonly retryAt: number };

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 15_000;

/**
 * Browsers allow six connections to a server over HTTP/1.1, for all tabs together: a tab that nobody looks at gives its
 * own back after a while.
 */
const HIDDEN_MS = 30_000;
const UNUSED_MS = 5000;

/** Time before reconnection number `attempt` (from 0). */
export function retryDelay(attempt: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
}

/**
 * Server-sent events with a reconnection that can be seen and hurried. The browser's own retries are silent, and end for
 * good on any status but 200; a user who looks at old numbers must know it.
 */
export class EventStream {
  readonly connection = new Store<Connection>({ phase: 'idle' });
  #source: EventSource | undefined;
  #holders = 0;
  #attempt = 0;
  #lostSince = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #closing: ReturnType<typeof setTimeout> | undefined;
  readonly #onVisibility = () => this.#settle();

  /** `handlers` get the text of their event; one that throws breaks the connection. `silenceMs`: an open connection that is quiet for so long counts as lost. */
  constructor(
    readonly name: string,
    readonly url: string,
    readonly handlers: Readonly<Record<string, (text: string) => void>>,
    readonly silenceMs?: number,
  ) {}

  /** Connects for as long as somebody holds it. A page left for a moment keeps its connection. */
  acquire(): () => void {
    if (this.#holders++ === 0) document.addEventListener('visibilitychange', this.#onVisibility);
    this.#settle();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (--this.#holders === 0) document.removeEventListener('visibilitychange', this.#onVisibility);
      this.#settle();
    };
  }

  retryNow(): void {
    if (this.connection.get().phase === 'lost') this.#connect();
  }

  /** Connects, or prepares to close, as there are holders and somebody looks. */
  #settle(): void {
    clearTimeout(this.#closing);
    const hidden = document.visibilityState === 'hidden';
    if (this.#holders === 0 || hidden) {
      this.#closing = setTimeout(() => this.#close(), this.#holders === 0 ? UNUSED_MS : HIDDEN_MS);
    } else if (this.connection.get().phase === 'idle') {
      this.#connect();
    }
  }

  #connect(): void {
    clearTimeout(this.#retry);
    if (this.#lostSince === 0) this.connection.set({ phase: 'connecting' });
    const source = new EventSource(this.url);
    this.#source = source;
    source.addEventListener('error', () => this.#lose());
    for (const [event, handle] of Object.entries(this.handlers)) {
      source.addEventListener(event, (message: MessageEvent<string>) => {
        if (this.#source !== source) return;
        this.#alive();
        try {
          handle(message.data);
        } catch {
          this.#lose();
        }
      });
    }
    source.addEventListener('open', () => this.#alive());
  }

  #alive(): void {
    this.#attempt = 0;
    this.#lostSince = 0;
    if (this.connection.get().phase !== 'open') this.connection.set({ phase: 'open' });
    if (this.silenceMs === undefined) return;
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#lose(), this.silenceMs);
  }

  #lose(): void {
    this.#disconnect();
    const delay = retryDelay(this.#attempt++);
    this.#lostSince ||= Date.now();
    this.connection.set({ phase: 'lost', since: this.#lostSince, retryAt: Date.now() + delay });
    this.#retry = setTimeout(() => this.#connect(), delay);
  }

  #disconnect(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#watchdog);
    this.#source?.close();
    this.#source = undefined;
  }

  #close(): void {
    this.#disconnect();
    this.#attempt = 0;
    this.#lostSince = 0;
    this.connection.set({ phase: 'idle' });
  }
}
