import type { Problem } from '#kernel';
import type { EndpointSet, TrafficConfig } from '#traffic';

export type ApplyResult =
  { readonly accepted: true } | { readonly accepted: false; readonly problems: readonly Problem[] };

/** What executes configurations: the data plane of this process, or worker processes that each have one. */
export interface TrafficPlane {
  /** Answers the port. */
  listen(address: string, port: number): Promise<number>;
  apply(config: TrafficConfig): Promise<ApplyResult>;
  updateEndpoints(set: EndpointSet): void;
  readonly inFlight: number;
  drain(deadlineMs: number): Promise<void>;
  close(): Promise<void>;
}
