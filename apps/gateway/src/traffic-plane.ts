import type { ClusterView } from '#dataplane';
import type { Problem } from '#kernel';
import type { TlsFiles } from '#security';
import type { EndpointSet, TrafficConfig } from '#traffic';

export type ApplyResult =
  { readonly accepted: true } | { readonly accepted: false; readonly problems: readonly Problem[] };

/** How a plane shall listen. Plain data: worker processes get it as a message. */
export interface ListenOptions {
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM files; the plane watches them and uses what is renewed. Absent: no TLS. */
  readonly tls?: TlsFiles;
  /** Longest header block of a request, bytes. */
  readonly maxHeaderBytes: number;
}

/** What executes configurations: the data plane of this process, or worker processes that each have one. */
export interface TrafficPlane {
  /** Answers the port. */
  listen(options: ListenOptions): Promise<number>;
  apply(config: TrafficConfig): Promise<ApplyResult>;
  updateEndpoints(set: EndpointSet): void;
  /** The clusters with what is known of their endpoints, over all processes. */
  view(): Promise<readonly ClusterView[]>;
  readonly inFlight: number;
  drain(deadlineMs: number): Promise<void>;
  close(): Promise<void>;
}
