import type { Endpoint } from '#traffic';
import type { EndpointState, PickResult } from './balancer.ts';
import { PeakEwma } from './peak-ewma.ts';

/** What one worker remembers of one endpoint. Mutable on purpose: picking and finishing allocate nothing. */
export class TrackedEndpoint implements EndpointState {
  endpoint: Endpoint;
  active = 0;
  available = true;
  /** Handed out by every pick of this endpoint. */
  readonly picked: PickResult = { kind: 'endpoint', state: this };
  readonly latency: PeakEwma;
  /** Running total of smooth weighted round robin. */
  currentWeight = 0;
  consecutiveFailures = 0;
  /** Doublings of the ejection time that have not been forgiven yet. */
  ejections = 0;
  /** Monotonic time of the last return from ejection. */
  returnedAt = 0;
  cancelReturn: (() => void) | undefined;

  constructor(endpoint: Endpoint, now: number) {
    this.endpoint = endpoint;
    this.latency = new PeakEwma(now);
  }

  /** Another process answers under this id now: what was seen of the old one does not count. */
  forget(now: number): void {
    this.cancelReturn?.();
    this.cancelReturn = undefined;
    this.available = true;
    this.consecutiveFailures = 0;
    this.ejections = 0;
    this.currentWeight = 0;
    this.latency.reset(now);
  }
}
