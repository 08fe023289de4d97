import type { ClusterView, DownstreamLimits } from '#dataplane';
import type { Problem } from '#kernel';
import type { ShownIdentity } from '#security';
import type { EndpointSet, TrafficConfig } from '#traffic';

export type ApplyResult =
  { readonly accepted: true } | { readonly accepted: false; readonly problems: readonly Problem[] };

/** How a plane shall listen. Plain data: worker processes get it as a message. */
export interface ListenOptions {
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The default certificate first. Absent: no TLS. */
  readonly tls?: readonly ShownIdentity[];
  readonly http2: boolean;
  readonly limits: Partial<DownstreamLimits>;
}

/** What executes configurations: the data plane of this process, or worker processes that each have one. */
export interface TrafficPlane {
  /** Answers the port. */
  listen(options: ListenOptions): Promise<number>;
  /** Shows these certificates from the next handshake on. */
  renew(identities: readonly ShownIdentity[]): void;
  apply(config: TrafficConfig): Promise<ApplyResult>;
  updateEndpoints(set: EndpointSet): void;
  /** The clusters with what is known of their endpoints, over all processes. */
  view(): Promise<readonly ClusterView[]>;
  readonly inFlight: number;
  /** Answers how many requests it had to cut. */
  drain(deadlineMs: number): Promise<number>;
  close(): Promise<void>;
}
