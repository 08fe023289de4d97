import type { Outcome } from '#kernel';
import type { ConcurrencyLimit } from '#resilience';
import type { Downstream } from './downstream.ts';
import { requestFinished, type AttemptRecord, type RequestRecord } from './events.ts';
import { HeaderBlock } from './message/header-block.ts';
import { HeaderKind } from './message/header-kind.ts';
import type { DownstreamLimits } from './limits.ts';
import type { RequestHead, ResponseHead } from './message/heads.ts';
import type { FilteredRequest, LocalResponse } from './message/filtered-message.ts';
import { nextSequence, requestId } from './request-id.ts';
import { errorResponse, type ErrorDetail } from './respond.ts';
import type { RouteRuntime, Snapshot } from './snapshot.ts';
import { traceContext, type TraceContext } from './trace-context.ts';

const NO_VARIABLES: Readonly<Record<string, string>> = Object.freeze({});
/** Body bytes held while no attempt takes them; then the client waits. */
const MAX_HELD_BYTES = 262_144;

/** The attempt under way, as seen from the exchange and from the client's connection. */
export interface RunningAttempt {
  readonly startedAt: number;
  /** Monotonic ms by which the answer's head must be here. */
  readonly deadline: number;
  readonly recorded: boolean;
  writeBody(piece: Buffer): void;
  endBody(trailers: HeaderBlock | undefined): void;
  downstreamDrained(): void;
  cancel(): void;
}

/** One request and its answer: what the layers of the stack share. It ends in exactly one outcome. */
export class Exchange implements FilteredRequest {
  readonly #sequence = nextSequence();
  readonly downstream: Downstream;
  readonly head: RequestHead;
  readonly startedAt: number;
  readonly startedAtMs: number;
  readonly trace: TraceContext;

  readonly method: string;
  readonly originalPath: string;
  path: string;
  query: string | undefined;
  readonly headers: HeaderBlock;
  readonly authority: string;
  readonly scheme: 'http' | 'https';
  readonly peerAddress: string;
  clientAddress: string;
  upstreamHost: string | undefined;
  upstreamUri: string | undefined;
  variables: Readonly<Record<string, string>> = NO_VARIABLES;
  readonly contentLength: number | undefined;

  snapshot: Snapshot | undefined;
  runtime: RouteRuntime | undefined;
  attempt: RunningAttempt | undefined;
  /** Gives up the place among those who wait for a connection. */
  leaveLine: (() => void) | undefined;
  readonly attempts: AttemptRecord[] = [];
  /** Where this exchange holds a place among the cluster's concurrent requests. */
  limit: ConcurrencyLimit | undefined;
  /** Times the request was matched: bounds `forward:` and fallbacks. */
  hops = 0;
  /** Monotonic ms by which everything must be over. */
  totalDeadline: number;
  /** Longest silence while bodies flow, ms. */
  idleMs: number;
  lastActivity: number;

  requestDone: boolean;
  requestTrailers: HeaderBlock | undefined;
  requestBytes = 0;
  responseBytes = 0;
  upstreamMs = 0;
  status = 0;
  /** The head of the answer is with the client: from here on nothing can be taken back. */
  answered = false;
  finished = false;
  /** A filter made the answer one that has no body: what the service sends of one goes nowhere. */
  dropsBody = false;
  /** Monotonic ms. */
  endedAt = 0;
  /** Body pieces that may have to be sent (again). */
  held: Buffer[] = [];
  #heldBytes = 0;
  #replayLimit = 0;
  #outcome: Outcome | undefined;
  #errorCode: string | undefined;

  constructor(downstream: Downstream, head: RequestHead, limits: DownstreamLimits, now: number) {
    this.downstream = downstream;
    this.head = head;
    this.startedAt = this.lastActivity = now;
    this.idleMs = limits.idleTimeoutMs;
    this.totalDeadline = limits.requestTimeoutMs > 0 ? now + limits.requestTimeoutMs : Number.POSITIVE_INFINITY;
    this.startedAtMs = Date.now();
    this.method = head.method;
    this.originalPath = this.path = head.path;
    this.query = head.query;
    this.headers = head.headers;
    this.authority = head.authority;
    this.scheme = downstream.scheme;
    this.peerAddress = this.clientAddress = downstream.peerAddress;
    this.contentLength = head.framing >= 0 && head.headers.seen & HeaderKind.contentLength ? head.framing : undefined;
    this.requestDone = head.framing === 0;
    this.trace = traceContext(
      head.headers.seen & HeaderKind.traceparent ? head.headers.ofKind(HeaderKind.traceparent) : undefined,
    );
  }

  get id(): string {
    return requestId(this.#sequence);
  }

  /** Asks the socket: for the rare request that names no port of its own. */
  get localPort(): number {
    return this.downstream.localPort;
  }

  /** Bodies up to `bytes` are kept, so that they can be sent again. */
  keepForReplay(bytes: number): void {
    this.#replayLimit = bytes;
  }

  /** The whole body so far is still at hand. */
  get replayable(): boolean {
    return this.#heldBytes === this.requestBytes;
  }

  /** A piece of the request body. The buffer is ours to keep. */
  requestData(piece: Buffer): void {
    this.requestBytes += piece.length;
    if (this.finished) return;
    const { attempt } = this;
    // A service may answer while it still reads: what it is sent then is never sent again.
    if (this.answered) return attempt?.writeBody(piece);
    if (!attempt || this.requestBytes <= this.#replayLimit) {
      this.held.push(piece);
      this.#heldBytes += piece.length;
    } else if (this.held.length > 0) this.dropHeld();
    if (attempt) attempt.writeBody(piece);
    else if (this.#heldBytes > MAX_HELD_BYTES) this.downstream.pauseRequest();
  }

  requestEnd(trailers: HeaderBlock | undefined): void {
    this.requestDone = true;
    this.requestTrailers = trailers;
    this.attempt?.endBody(trailers);
  }

  /** What was held is with the upstream; keep it only while it may be replayed. */
  bodyHandedOver(): void {
    if (this.requestBytes > this.#replayLimit) this.dropHeld();
    if (!this.requestDone) this.downstream.resumeRequest();
  }

  dropHeld(): void {
    this.held = [];
    this.#heldBytes = 0;
  }

  /** The upstream's answer begins; response filters change it first. */
  relayHead(head: ResponseHead, outcome: Outcome): void {
    const response = { status: head.status, headers: head.headers };
    const filters = this.runtime?.responseFilters;
    if (filters) for (const filter of filters) filter.onResponse?.(response, this);
    this.answered = true;
    this.dropHeld();
    this.#outcome = outcome;
    this.status = response.status;
    if (response.status === head.status) return this.downstream.sendHead(head);
    this.dropsBody = isBodyless(response.status);
    if (isBodyless(head.status) && !this.dropsBody && this.method !== 'HEAD') head.headers.set('Content-Length', '0');
    const framing = this.dropsBody ? 0 : head.framing;
    this.downstream.sendHead({ status: response.status, reason: '', headers: head.headers, framing });
  }

  /** An answer of the gateway's own. */
  respond(local: LocalResponse, code?: string): void {
    if (this.finished) return;
    if (this.answered) return this.breakOff(local.outcome, code);
    this.answered = true;
    this.dropHeld();
    this.#outcome = local.outcome;
    this.#errorCode = code;
    this.status = local.status;
    const body = Buffer.from(local.body, 'utf8');
    const bodyless = isBodyless(this.status);
    const lines = local.headers.map(([name, value]) => [name, value] as const);
    const headers = HeaderBlock.of(bodyless ? lines : [...lines, ['Content-Length', String(body.length)]]);
    this.downstream.sendHead({ status: this.status, reason: '', headers, framing: bodyless ? 0 : body.length });
    if (this.method !== 'HEAD' && body.length > 0 && !bodyless) {
      this.responseBytes += body.length;
      this.downstream.sendData(body, 0, body.length, false);
    }
    this.downstream.sendEnd(undefined);
  }

  fail(detail: ErrorDetail): void {
    const accept = this.headers.get('accept');
    this.respond(errorResponse(detail, this.id, accept), detail.code ?? detail.outcome);
  }

  /** The answer has begun and cannot be completed: the client must see that it is cut. */
  breakOff(outcome: Outcome, code?: string): void {
    if (this.finished) return;
    this.#outcome = outcome;
    this.#errorCode = code;
    this.downstream.abort();
    this.finish();
  }

  /** The client is gone, or did not keep to the protocol. */
  clientFailed(outcome: 'client-aborted' | 'client-timeout' | 'client-bad-request' | 'client-too-large'): void {
    if (this.finished) return;
    this.#outcome = outcome;
    this.#errorCode = outcome;
    this.finish();
  }

  /** An upgraded connection has ended. */
  tunnelEnded(): void {
    this.#outcome ??= 'success';
    this.attempt = undefined;
    this.finish();
  }

  /** Called once, when nothing more will be sent to the client. */
  finish(): void {
    if (this.finished) return;
    this.finished = true;
    if (this.attempt) {
      if (!this.attempt.recorded) this.runtime?.breaker?.onCancelled();
      this.attempt.cancel();
      this.attempt = undefined;
    }
    this.leaveLine?.();
    this.leaveLine = undefined;
    this.limit?.release();
    this.limit = undefined;
    this.endedAt = performance.now();
    this.dropHeld();
    if (requestFinished.hasSubscribers) requestFinished.publish(this.#record());
  }

  #record(): RequestRecord {
    const last = this.attempts.at(-1);
    const { route } = this.runtime ?? {};
    return {
      id: this.id,
      startedAtMs: this.startedAtMs,
      method: this.method,
      target: this.head.target,
      authority: this.authority,
      protocol: this.head.http10 ? 'HTTP/1.0' : this.downstream.protocol,
      peerAddress: this.peerAddress,
      clientAddress: this.clientAddress,
      userAgent: this.headers.seen & HeaderKind.userAgent ? this.headers.ofKind(HeaderKind.userAgent) : undefined,
      route: route?.id,
      cluster: this.runtime?.cluster?.cluster.id,
      endpoint: last?.endpoint,
      status: this.status,
      outcome: this.#outcome ?? 'internal-error',
      errorCode: this.#errorCode,
      requestBytes: this.requestBytes,
      responseBytes: this.responseBytes,
      durationMs: this.endedAt - this.startedAt,
      upstreamMs: this.upstreamMs,
      attempts: this.attempts,
      traceId: this.trace.traceId,
      spanId: this.trace.spanId,
      parentSpanId: this.trace.parentSpanId,
    };
  }
}

function isBodyless(status: number): boolean {
  return status === 204 || status === 304;
}
