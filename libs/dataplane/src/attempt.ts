import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import type { EndpointState } from '#loadbalancer';
import type { Outcome } from '#kernel';
import type { Exchange, RunningAttempt } from './exchange.ts';
import { CHUNKED } from './message/framing.ts';
import type { HeaderBlock } from './message/header-block.ts';
import { HOP_BY_HOP } from './message/header-kind.ts';
import type { ResponseHead } from './message/heads.ts';
import type { UpstreamConnection, UpstreamFailure, UpstreamListener } from './http1/upstream-connection.ts';
import type { ClusterRuntime } from './upstream/cluster-runtime.ts';

/** What an attempt tells the layers above it. */
export interface AttemptOwner {
  /** True: the answer is relayed. False: the attempt was given up for another. */
  answered(exchange: Exchange, attempt: Attempt, head: ResponseHead): boolean;
  failed(exchange: Exchange, attempt: Attempt, failure: UpstreamFailure): void;
}

const OUTCOME_OF: Readonly<Record<UpstreamFailure | 'timeout', Outcome>> = {
  connect: 'upstream-connect-failed',
  reset: 'upstream-reset',
  'bad-response': 'upstream-bad-response',
  timeout: 'upstream-timeout',
};

/** One try of one request at one endpoint. */
export class Attempt implements UpstreamListener, RunningAttempt {
  readonly state: EndpointState;
  readonly reused: boolean;
  readonly #exchange: Exchange;
  readonly #owner: AttemptOwner;
  readonly #cluster: ClusterRuntime;
  readonly #connection: UpstreamConnection;
  /** Monotonic ms. */
  readonly startedAt: number;
  readonly #chunked: boolean;
  /** Monotonic ms by which the answer's head must be here. */
  deadline: number;
  /** No more of the request is sent. */
  #over = false;
  #recorded = false;
  #relaying = false;

  constructor(
    exchange: Exchange,
    owner: AttemptOwner,
    target: {
      readonly cluster: ClusterRuntime;
      readonly state: EndpointState;
      readonly connection: UpstreamConnection;
      readonly deadline: number;
    },
    now: number,
  ) {
    this.#exchange = exchange;
    this.#owner = owner;
    this.#cluster = target.cluster;
    this.state = target.state;
    this.#connection = target.connection;
    this.reused = target.connection.served > 0;
    this.deadline = target.deadline;
    this.startedAt = now;
    this.#chunked = exchange.head.framing === CHUNKED;
    this.#cluster.balancer.started(this.state);
  }

  /** Sends the head and what is there of the body. */
  send(headText: string): void {
    const exchange = this.#exchange;
    const { held, requestDone } = exchange;
    this.#connection.begin(this, exchange.method, headText, requestDone, exchange.head.upgrade !== undefined);
    for (const piece of held) this.writeBody(piece);
    if (requestDone && this.#chunked) this.#connection.writeText(lastChunk(exchange.requestTrailers));
    exchange.bodyHandedOver();
  }

  writeBody(piece: Buffer): void {
    if (this.#over) return;
    const connection = this.#connection;
    let room: boolean;
    if (this.#chunked) {
      connection.writeText(`${piece.length.toString(16)}\r\n`);
      room = connection.writeBytes(piece);
      connection.writeText('\r\n');
    } else room = connection.writeBytes(piece);
    if (!room) this.#exchange.downstream.pauseRequest();
  }

  endBody(trailers: HeaderBlock | undefined): void {
    if (this.#over) return;
    this.#connection.requestCompleted();
    if (this.#chunked) this.#connection.writeText(lastChunk(trailers));
  }

  upstreamInterim(head: ResponseHead): void {
    this.#exchange.downstream.sendInterim(head);
  }

  upstreamHead(head: ResponseHead): void {
    this.deadline = Number.POSITIVE_INFINITY;
    this.#relaying = this.#owner.answered(this.#exchange, this, head);
  }

  upstreamData(buffer: Buffer, start: number, end: number, lent: boolean): void {
    if (!this.#relaying || this.#exchange.dropsBody) return;
    this.#exchange.responseBytes += end - start;
    if (!this.#exchange.downstream.sendData(buffer, start, end, lent)) this.#connection.pause();
  }

  upstreamReadDone(): void {
    if (!this.#exchange.finished) this.#exchange.lastActivity = performance.now();
  }

  upstreamEnd(trailers: HeaderBlock | undefined): void {
    if (!this.#relaying) return;
    this.#exchange.attempt = undefined;
    this.#exchange.downstream.sendEnd(trailers);
  }

  upstreamDrained(): void {
    this.#exchange.downstream.resumeRequest();
  }

  /** The client has room again. */
  downstreamDrained(): void {
    this.#connection.resume();
  }

  upstreamFailed(failure: UpstreamFailure): void {
    if (this.#relaying) {
      this.#exchange.attempt = undefined;
      this.#exchange.breakOff(OUTCOME_OF[failure]);
      return;
    }
    this.#owner.failed(this.#exchange, this, failure);
  }

  upstreamSwitched(head: ResponseHead, socket: Socket, rest: Buffer): void {
    this.#relaying = true;
    this.recordAnswer(head.status, true);
    const stream: Duplex = socket;
    this.#exchange.totalDeadline = Number.POSITIVE_INFINITY;
    this.#exchange.downstream.tunnel(head, stream, rest);
  }

  /** True once a byte of an answer has come: the request had its effect. */
  get answering(): boolean {
    return this.#connection.answering;
  }

  /** How it went is written down. */
  get recorded(): boolean {
    return this.#recorded;
  }

  /** Writes down how it went, tells the balancer, and answers how long it took, ms. */
  recordAnswer(status: number, ok: boolean): number {
    return this.#record(status, undefined, ok, false);
  }

  recordFailure(failure: UpstreamFailure | 'timeout'): Outcome {
    const outcome = OUTCOME_OF[failure];
    this.#record(undefined, outcome, false, false);
    return outcome;
  }

  /** Given up by us: the client left, or another attempt takes over. */
  cancel(): void {
    this.#record(undefined, undefined, true, true);
    this.#over = true;
    this.#connection.abandon();
  }

  #record(status: number | undefined, failure: Outcome | undefined, ok: boolean, cancelled: boolean): number {
    if (this.#recorded) return 0;
    this.#recorded = true;
    if (failure !== undefined) this.#over = true;
    const durationMs = performance.now() - this.startedAt;
    this.#cluster.balancer.finished(this.state, { ok, latencyMs: durationMs, cancelled });
    const exchange = this.#exchange;
    exchange.upstreamMs += durationMs;
    const endpoint = this.state.endpoint.id;
    exchange.attempts.push({ endpoint, status, failure, durationMs, reusedConnection: this.reused });
    return durationMs;
  }
}

function lastChunk(trailers: HeaderBlock | undefined): string {
  return `0\r\n${trailers?.serialize(HOP_BY_HOP) ?? ''}\r\n`;
}
