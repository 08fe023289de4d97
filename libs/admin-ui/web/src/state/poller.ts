import { Store } from './store.ts';

export interface Polled<T> {
  readonly data?: T;
  /** Why the last attempt failed; `data` is then the last that was good. */
  readonly failure?: string;
}

/** Reads a JSON document again and again. Answers that are not JSON, and network errors, are failures, never exceptions. */
export class Poller<T> {
  readonly state = new Store<Polled<T>>({});
  #timer: ReturnType<typeof setTimeout> | undefined;
  #text = '';

  /** `intervalMs` may depend on what was read: large documents are read less often. */
  constructor(
    readonly url: string,
    readonly intervalMs: (data: T | undefined) => number,
  ) {}

  start(): void {
    void this.#loop();
  }

  async refresh(): Promise<void> {
    try {
      const response = await fetch(this.url, { headers: { accept: 'application/json' } });
      const text = await response.text();
      // Health answers 503 with a document when something is down; that is data, not a failure.
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      if (!isJson || (!response.ok && response.status !== 503)) throw new Error(`HTTP ${response.status}`);
      if (text === this.#text && this.state.get().failure === undefined) return;
      const data: T = JSON.parse(text);
      this.#text = text;
      this.state.set({ data });
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      const { data } = this.state.get();
      this.state.set(data === undefined ? { failure } : { data, failure });
    }
  }

  async #loop(): Promise<void> {
    clearTimeout(this.#timer);
    if (document.visibilityState === 'visible') await this.refresh();
    this.#timer = setTimeout(() => void this.#loop(), this.intervalMs(this.state.get().data));
  }
}
