import type { Clock } from '#kernel';
import type { OutlierPolicy } from '#traffic';
import type { TrackedEndpoint } from './tracked-endpoint.ts';

export interface OutlierDetectorOptions {
  readonly policy: OutlierPolicy;
  readonly clock: Clock;
  /** All endpoints of the cluster, those ejected included. */
  readonly members: () => readonly TrackedEndpoint[];
  /** Called after `available` of the endpoint changed. */
  readonly onChange: (endpoint: TrackedEndpoint, reason: string) => void;
}

/**
 * Takes an endpoint out after so many failures in a row. Every further ejection lasts twice as long; each
 * `baseEjectionMs` in service without one forgives one doubling.
 */
export class OutlierDetector {
  readonly #options: OutlierDetectorOptions;

  constructor(options: OutlierDetectorOptions) {
    this.#options = options;
  }

  record(endpoint: TrackedEndpoint, ok: boolean): void {
    if (ok) {
      endpoint.consecutiveFailures = 0;
      return;
    }
    endpoint.consecutiveFailures++;
    if (endpoint.consecutiveFailures < this.#options.policy.consecutiveFailures || !endpoint.available) return;
    if (this.#mayEject()) this.#eject(endpoint);
  }

  /** Envoy's test: the endpoint about to go counts as gone. */
  #mayEject(): boolean {
    const members = this.#options.members();
    let ejected = 0;
    for (const member of members) if (!member.available) ejected++;
    return (ejected + 1) * 100 <= this.#options.policy.maxEjectionPercent * members.length;
  }

  #eject(endpoint: TrackedEndpoint): void {
    const { policy, clock, onChange } = this.#options;
    const forgiven =
      endpoint.ejections === 0 ? 0 : Math.floor((clock.monotonic() - endpoint.returnedAt) / policy.baseEjectionMs);
    const doublings = Math.max(0, endpoint.ejections - forgiven);
    const durationMs = Math.min(policy.baseEjectionMs * 2 ** doublings, policy.maxEjectionMs);
    const reason = `${endpoint.consecutiveFailures} consecutive failures, out for ${durationMs} ms`;
    endpoint.ejections = doublings + 1;
    endpoint.available = false;
    endpoint.cancelReturn = clock.schedule(durationMs, () => this.#takeBack(endpoint));
    onChange(endpoint, reason);
  }

  #takeBack(endpoint: TrackedEndpoint): void {
    endpoint.cancelReturn = undefined;
    endpoint.available = true;
    endpoint.consecutiveFailures = 0;
    endpoint.returnedAt = this.#options.clock.monotonic();
    this.#options.onChange(endpoint, 'ejection time is over');
  }
}
