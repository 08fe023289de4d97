import { systemClock, type Clock } from '#kernel';
import type { CircuitBreakerPolicy } from '#traffic';
import { RESILIENCE4J, type BreakerSemantics } from './breaker-semantics.ts';
import { CountWindow, TimeWindow, type CallWindow } from './call-window.ts';
import type { CircuitState, Gate } from './gate.ts';

export interface CircuitTransition {
  readonly breaker: string;
  readonly from: CircuitState;
  readonly to: CircuitState;
}

export interface CircuitBreakerOptions {
  readonly policy: CircuitBreakerPolicy;
  readonly semantics?: BreakerSemantics;
  readonly clock?: Clock;
  readonly onTransition?: (transition: CircuitTransition) => void;
}

/** What a dashboard shows of a breaker. Rates are percent; undefined while there were too few calls. */
export interface CircuitView {
  readonly state: CircuitState;
  readonly calls: number;
  readonly failedCalls: number;
  readonly slowCalls: number;
  readonly refusedCalls: number;
  readonly failureRate: number | undefined;
  readonly slowCallRate: number | undefined;
}

/**
 * Refuses calls to a service that fails. It opens when the share of failures (or of slow calls) reaches the threshold,
 * inclusive, once there were enough calls; after `openMs` the next call finds it half-open, no timer runs; the verdict
 * over the trial calls closes it with an empty window, or opens it again.
 */
export class CircuitBreaker implements Gate {
  readonly name: string;
  readonly #policy: CircuitBreakerPolicy;
  readonly #semantics: BreakerSemantics;
  readonly #clock: Clock;
  readonly #onTransition: ((transition: CircuitTransition) => void) | undefined;
  readonly #window: CallWindow;
  readonly #trials: CountWindow;
  readonly #minimumCalls: number;
  readonly #minimumTrials: number;
  #state: CircuitState = 'closed';
  #openedAt = 0;
  #judgedAt = Number.NEGATIVE_INFINITY;
  #permits = 0;
  #refused = 0;

  constructor(options: CircuitBreakerOptions) {
    const { policy } = options;
    this.name = policy.name;
    this.#policy = policy;
    this.#semantics = options.semantics ?? RESILIENCE4J;
    this.#clock = options.clock ?? systemClock;
    this.#onTransition = options.onTransition;
    // resilience4j: a count window never waits for more calls than it holds, nor do the trials.
    if (policy.window.kind === 'count') {
      this.#window = new CountWindow(policy.window.size);
      this.#minimumCalls = Math.min(policy.minimumCalls, policy.window.size);
    } else {
      this.#window = new TimeWindow(policy.window.ms, this.#semantics.bucketMs);
      this.#minimumCalls = policy.minimumCalls;
    }
    this.#trials = new CountWindow(policy.halfOpenCalls);
    this.#minimumTrials = Math.max(1, Math.min(policy.minimumCalls, policy.halfOpenCalls));
  }

  get state(): CircuitState {
    return this.#state;
  }

  tryAcquire(): boolean {
    switch (this.#state) {
      case 'closed':
        // Semantics that judge after each call have nothing to judge before one.
        if (this.#semantics.judgeEveryMs > 0) this.#judgeIfDue();
        return this.#state === 'closed' || this.#refuse();
      case 'open':
        if (this.#clock.monotonic() - this.#openedAt <= this.#policy.openMs) return this.#refuse();
        this.#become('half-open');
        return this.#takeTrial();
      case 'half-open':
        return this.#takeTrial();
      case 'forced-open':
        return this.#refuse();
      case 'metrics-only':
      case 'disabled':
      default:
        return true;
    }
  }

  onSuccess(durationMs: number): void {
    this.#record(false, durationMs);
  }

  onFailure(durationMs: number): void {
    this.#record(true, durationMs);
  }

  onCancelled(): void {
    if (this.#state !== 'half-open') return;
    if (this.#semantics.cancelledTrial === 'reopen') this.#become('open');
    else this.#permits = Math.min(this.#permits + 1, this.#policy.halfOpenCalls - this.#trials.total);
  }

  /** Puts the breaker into a state by hand. `closed` also forgets all calls. */
  force(state: CircuitState): void {
    if (state === 'closed') this.#window.clear();
    if (state !== this.#state) this.#become(state);
  }

  view(): CircuitView {
    const window = this.#state === 'half-open' ? this.#trials : this.#window;
    const minimum = this.#state === 'half-open' ? this.#minimumTrials : this.#minimumCalls;
    window.advance(this.#clock.monotonic());
    const enough = window.total > 0 && window.total >= minimum;
    return {
      state: this.#state,
      calls: window.total,
      failedCalls: window.failed,
      slowCalls: window.slow,
      refusedCalls: this.#refused,
      failureRate: enough ? this.#semantics.percent(window.failed, window.total) : undefined,
      slowCallRate: enough ? this.#semantics.percent(window.slow, window.total) : undefined,
    };
  }

  #refuse(): false {
    this.#refused++;
    return false;
  }

  #takeTrial(): boolean {
    if (this.#permits <= 0) return this.#refuse();
    this.#permits--;
    return true;
  }

  #record(failed: boolean, durationMs: number): void {
    const slowFrom = this.#policy.slowCallDurationMs;
    const slow = this.#semantics.knowsSlowCalls && slowFrom !== undefined && durationMs > slowFrom;
    if (this.#state === 'closed' || this.#state === 'metrics-only') {
      this.#window.record(failed, slow, this.#clock.monotonic());
      if (this.#state === 'closed') this.#judgeIfDue();
    } else if (this.#state === 'half-open') {
      this.#trials.record(failed, slow);
      if (this.#trials.total < this.#minimumTrials) return;
      this.#become(this.#exceeds(this.#trials) ? 'open' : 'closed');
    }
    // Answers to calls begun before it opened say nothing new.
  }

  #judgeIfDue(): void {
    const { judgeEveryMs } = this.#semantics;
    const now = this.#clock.monotonic();
    if (judgeEveryMs > 0) {
      if (now - this.#judgedAt < judgeEveryMs) return;
      this.#judgedAt = now;
    }
    this.#window.advance(now);
    if (this.#window.total >= this.#minimumCalls && this.#exceeds(this.#window)) this.#become('open');
  }

  #exceeds(window: CallWindow): boolean {
    if (window.total === 0) return false;
    const { failureRateThreshold, slowCallRateThreshold } = this.#policy;
    const { percent } = this.#semantics;
    return (
      percent(window.failed, window.total) >= failureRateThreshold ||
      (slowCallRateThreshold !== undefined && percent(window.slow, window.total) >= slowCallRateThreshold)
    );
  }

  #become(state: CircuitState): void {
    const from = this.#state;
    this.#state = state;
    if (state === 'open') {
      this.#openedAt = this.#clock.monotonic();
    } else if (state === 'half-open') {
      this.#trials.clear();
      this.#permits = this.#policy.halfOpenCalls;
    } else if (state === 'closed') {
      this.#window.clear();
      this.#judgedAt = Number.NEGATIVE_INFINITY;
    }
    this.#onTransition?.({ breaker: this.name, from, to: state });
  }
}
