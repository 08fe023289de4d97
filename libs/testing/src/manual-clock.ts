import type { CancelTimer, Clock } from '#kernel';

interface Timer {
  readonly due: number;
  readonly sequence: number;
  readonly callback: () => void;
}

/** A clock that moves only when a test says so. Timers run in order of their due time, then of scheduling. */
export class ManualClock implements Clock {
  #elapsed = 0;
  #offset: number;
  #sequence = 0;
  #timers: Timer[] = [];

  constructor(startEpochMs = 1_760_000_000_000) {
    this.#offset = startEpochMs;
  }

  now(): number {
    return this.#offset + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  schedule(delayMs: number, callback: () => void): CancelTimer {
    const timer: Timer = { due: this.#elapsed + Math.max(0, delayMs), sequence: this.#sequence++, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Number of timers waiting: a component that stopped must leave none. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Lets `ms` pass, running what falls due on the way at its own due time. */
  advance(ms: number): void {
    const end = this.#elapsed + ms;
    for (;;) {
      const next = this.#timers
        .filter((timer) => timer.due <= end)
        .sort((a, b) => a.due - b.due || a.sequence - b.sequence)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#elapsed = Math.max(this.#elapsed, next.due);
      next.callback();
    }
    this.#elapsed = end;
  }

  /** Sets the wall clock forward or back, as an administrator or NTP would; monotonic time does not notice. */
  jump(ms: number): void {
    this.#offset += ms;
  }
}
