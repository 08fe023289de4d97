import { type GuardedCall, guardCall, type GuardOptions, type GuardState } from './guarded-call.ts';
import type { HealthIndicator } from './health.ts';

export interface GuardView {
  readonly state: GuardState;
  /** Why the last call that failed did; absent when none has. */
  readonly lastFailure?: string;
}

/**
 * The circuit breakers around all calls that a process makes to the rest of the control plane: config server, registry, bus.
 * An open one makes nobody unready, for everything is served from what is known; it is shown.
 */
export class ControlPlaneGuards {
  readonly #calls = new Map<string, Pick<GuardedCall<never[], unknown>, 'state' | 'lastFailure' | 'close'>>();

  guard<A extends unknown[], R>(call: (...args: A) => Promise<R>, options: GuardOptions): GuardedCall<A, R> {
    const guarded = guardCall(call, options);
    this.#calls.get(options.name)?.close();
    this.#calls.set(options.name, guarded);
    return guarded;
  }

  get view(): Readonly<Record<string, GuardView>> {
    return Object.fromEntries(
      [...this.#calls].map(([name, { state, lastFailure }]) => [
        name,
        { state, ...(lastFailure !== undefined && { lastFailure }) },
      ]),
    );
  }

  /** For health: always up, with the state of each breaker. */
  get indicator(): HealthIndicator {
    return { name: 'controlPlane', groups: [], check: () => ({ status: 'UP', details: this.view }) };
  }

  close(): void {
    for (const call of this.#calls.values()) call.close();
  }
}
