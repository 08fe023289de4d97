import { channel } from 'node:diagnostics_channel';
import type { Outcome } from '#kernel';

/** One try of one request at one endpoint. Times in milliseconds. */
export interface AttemptRecord {
  readonly endpoint: string;
  /** Status of the answer; undefined when there was none. */
  readonly status: number | undefined;
  /** Undefined when the attempt gave an answer. */
  readonly failure: Outcome | undefined;
  readonly durationMs: number;
  readonly reusedConnection: boolean;
}

/** What is known of a request when it has ended. Published once per request on `requestFinished`. */
export interface RequestRecord {
  readonly id: string;
  readonly startedAtMs: number;
  readonly method: string;
  /** Raw target as received. */
  readonly target: string;
  readonly authority: string;
  readonly protocol: 'HTTP/1.0' | 'HTTP/1.1' | 'HTTP/2';
  readonly peerAddress: string;
  readonly clientAddress: string;
  readonly userAgent: string | undefined;
  readonly route: string | undefined;
  readonly cluster: string | undefined;
  readonly endpoint: string | undefined;
  /** 0 when the client was gone before an answer began. */
  readonly status: number;
  readonly outcome: Outcome;
  /** More precise than the outcome; the code of the CardeaError, if any. */
  readonly errorCode: string | undefined;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly durationMs: number;
  /** Part of `durationMs` spent waiting for upstreams' answers. */
  readonly upstreamMs: number;
  readonly attempts: readonly AttemptRecord[];
  /** W3C trace id and the gateway's own span id, if tracing is on. */
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly parentSpanId: string | undefined;
}

export interface ConnectionRecord {
  readonly side: 'downstream' | 'upstream';
  readonly event: 'opened' | 'closed' | 'refused';
  readonly peer: string;
  readonly reason: string | undefined;
}

export interface BreakerRecord {
  readonly breaker: string;
  readonly from: string;
  readonly to: string;
}

export interface EjectionRecord {
  readonly cluster: string;
  readonly endpoint: string;
  readonly ejected: boolean;
  readonly reason: string;
}

/** Telemetry subscribes; the data plane never formats anything itself. */
export const requestFinished = channel('cardea:request-finished');
export const connectionChanged = channel('cardea:connection-changed');
export const breakerChanged = channel('cardea:breaker-changed');
export const endpointEjected = channel('cardea:endpoint-ejected');
