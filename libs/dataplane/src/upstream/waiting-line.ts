import type { UpstreamConnection } from '../http1/upstream-connection.ts';

/** Who waits for a connection; exactly one of both is called, unless the place is left before. */
export interface Waiter {
  connectionReady(connection: UpstreamConnection): void;
  waitedInVain(): void;
}

interface Place {
  readonly waiter: Waiter;
  readonly timer: NodeJS.Timeout;
}

/** Requests that wait for one of an endpoint's connections, first come, first served. */
export class WaitingLine {
  readonly #limit: number;
  readonly #timeoutMs: number;
  readonly #places = new Set<Place>();

  constructor(limit: number, timeoutMs: number) {
    this.#limit = limit;
    this.#timeoutMs = timeoutMs;
  }

  /** Answers how to leave the line; undefined when it is full. */
  join(waiter: Waiter): (() => void) | undefined {
    if (this.#places.size >= this.#limit) return undefined;
    const timer = setTimeout(() => {
      this.#leave(place);
      waiter.waitedInVain();
    }, this.#timeoutMs);
    const place: Place = { waiter, timer };
    this.#places.add(place);
    return () => this.#leave(place);
  }

  /** Takes out who has waited longest. */
  take(): Waiter | undefined {
    for (const place of this.#places) {
      this.#leave(place);
      return place.waiter;
    }
    return undefined;
  }

  #leave(place: Place): void {
    clearTimeout(place.timer);
    this.#places.delete(place);
  }
}
