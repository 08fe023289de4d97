import type { ClusterView } from '#dataplane';
import type { JournalEntry } from '#kernel';
import type { ShownIdentity } from '#security';
import type { RequestWindow } from '#telemetry';
import type { EndpointSet, TrafficConfig } from '#traffic';
import type { ApplyResult, ListenOptions } from './traffic-plane.ts';

/** What the gateway tells a worker process. */
export type ToWorker =
  | { readonly kind: 'listen'; readonly options: ListenOptions }
  | { readonly kind: 'renew'; readonly identities: readonly ShownIdentity[] }
  | { readonly kind: 'apply'; readonly version: string; readonly config: TrafficConfig }
  | { readonly kind: 'endpoints'; readonly set: EndpointSet }
  | { readonly kind: 'view' }
  | { readonly kind: 'drain'; readonly deadlineMs: number };

/** What a worker process tells the gateway. */
export type FromWorker =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'cannot-listen'; readonly message: string; readonly code: string }
  | { readonly kind: 'applied'; readonly version: string; readonly result: ApplyResult }
  | { readonly kind: 'view'; readonly clusters: readonly ClusterView[] }
  | { readonly kind: 'drained'; readonly cut: number }
  /** What changed in the worker, for the journal of the gateway. */
  | { readonly kind: 'journal'; readonly entry: JournalEntry }
  /** Once per second. */
  | { readonly kind: 'window'; readonly window: RequestWindow; readonly inFlight: number };
