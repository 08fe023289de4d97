import type { EndpointState } from '#loadbalancer';
import { CardeaError, type Outcome } from '#kernel';
import { backoffMs } from '#resilience';
import { Attempt, type AttemptOwner } from './attempt.ts';
import type { Exchange } from './exchange.ts';
import type { ResponseHead } from './message/heads.ts';
import type { UpstreamConnection, UpstreamFailure } from './http1/upstream-connection.ts';
import { internalPath, MAX_HOPS, upstreamPath } from './target-path.ts';
import { replayBytes, retriesFailure, retriesStatus } from './retry.ts';
import type { RouteRuntime, Snapshot } from './snapshot.ts';
import type { AdHocClusters } from './upstream/ad-hoc-clusters.ts';
import type { ClusterRuntime } from './upstream/cluster-runtime.ts';
import { upstreamHead } from './upstream-head.ts';

const NOBODY: readonly EndpointState[] = [];

/**
 * The path of a request, from top to bottom:
 *
 *   accept → match → request filters → retry [ balance → breaker → upstream ] → response filters → respond
 *
 * The connection calls `accept`; answers and failures of attempts come back through `answered` and `failed`.
 */
export class Stack implements AttemptOwner {
  readonly #adHoc: AdHocClusters;
  snapshot: Snapshot | undefined;

  constructor(adHoc: AdHocClusters) {
    this.#adHoc = adHoc;
  }

  accept(exchange: Exchange): void {
    const { snapshot } = this;
    if (!snapshot) return exchange.fail({ outcome: 'no-route', code: 'not-configured', status: 503 });
    exchange.snapshot = snapshot;
    exchange.clientAddress = snapshot.forwarding.clientAddress(exchange.headers, exchange.peerAddress);
    try {
      this.#match(exchange, snapshot);
    } catch (error) {
      exchange.fail(detailOf(error));
    }
  }

  #match(exchange: Exchange, snapshot: Snapshot): void {
    if (++exchange.hops > MAX_HOPS) return exchange.fail({ outcome: 'internal-error', code: 'forwarding-loop' });
    const match = snapshot.router.match(exchange);
    const runtime = match && snapshot.routes[match.index];
    if (!runtime) return exchange.fail({ outcome: 'no-route' });
    exchange.runtime = runtime;
    exchange.variables = match.variables;
    const { timeouts } = runtime.route;
    if (timeouts?.totalMs !== undefined) exchange.totalDeadline = exchange.startedAt + timeouts.totalMs;
    if (timeouts?.idleMs !== undefined) exchange.idleMs = timeouts.idleMs;
    this.#filter(exchange, snapshot, runtime);
  }

  #filter(exchange: Exchange, snapshot: Snapshot, runtime: RouteRuntime): void {
    for (const filter of runtime.filters) {
      const local = filter.onRequest?.(exchange);
      if (local) return exchange.respond(local);
    }
    const { action } = runtime.route;
    switch (action.kind) {
      case 'internal':
        exchange.path = internalPath(action, exchange.path);
        return this.#match(exchange, snapshot);
      case 'respond':
        return exchange.respond({
          status: action.status,
          headers: [],
          body: action.body ?? '',
          outcome: 'responded-locally',
        });
      case 'forward':
        exchange.path = upstreamPath(action, exchange.path);
        return this.#forward(exchange, runtime);
      default:
        return action satisfies never;
    }
  }

  #forward(exchange: Exchange, runtime: RouteRuntime): void {
    const cluster = this.#clusterOf(exchange, runtime);
    if (!cluster) return exchange.fail({ outcome: 'no-instance' });
    if (!cluster.limit.tryAcquire()) return exchange.fail({ outcome: 'overloaded' });
    exchange.limit?.release();
    exchange.limit = cluster.limit;
    runtime.budget?.onRequest();
    this.#attempt(exchange, cluster, NOBODY);
  }

  #attempt(exchange: Exchange, cluster: ClusterRuntime, tried: readonly EndpointState[]): void {
    const { runtime } = exchange;
    const pick = cluster.balancer.pick({ tried });
    if (pick.kind === 'no-instance') return exchange.fail({ outcome: 'no-instance' });
    const breaker = runtime?.breaker;
    if (breaker && !breaker.tryAcquire())
      return this.#fallBack(exchange, () => exchange.fail({ outcome: 'breaker-open' }));
    // Nothing waits between a request's head and its first attempt.
    const now = tried.length === 0 && exchange.hops === 1 ? exchange.startedAt : performance.now();
    const { state } = pick;
    const connection = cluster.poolOf(state).acquire(now);
    if (connection) this.#send(exchange, cluster, state, connection, now);
    else this.#wait(exchange, cluster, state);
  }

  /** All connections are in use: for the next one, or the answer that there is none. */
  #wait(exchange: Exchange, cluster: ClusterRuntime, state: EndpointState): void {
    const breaker = exchange.runtime?.breaker;
    const refuse = (): void => {
      exchange.leaveLine = undefined;
      breaker?.onCancelled();
      this.#fallBack(exchange, () => exchange.fail({ outcome: 'overloaded', code: 'no-connection' }));
    };
    const leave = cluster.poolOf(state).wait({
      connectionReady: (connection) => {
        exchange.leaveLine = undefined;
        this.#send(exchange, cluster, state, connection, performance.now());
      },
      waitedInVain: refuse,
    });
    if (!leave) return refuse();
    exchange.leaveLine = () => {
      leave();
      breaker?.onCancelled();
    };
  }

  #send(
    exchange: Exchange,
    cluster: ClusterRuntime,
    state: EndpointState,
    connection: UpstreamConnection,
    now: number,
  ): void {
    const deadline = now + (exchange.runtime?.waitMs ?? Number.POSITIVE_INFINITY);
    const { runtime } = exchange;
    if (runtime) exchange.keepForReplay(replayBytes(exchange.method, runtime.route, connection.connected));
    const attempt = new Attempt(exchange, this, { cluster, state, connection, deadline }, now);
    exchange.attempt = attempt;
    attempt.send(upstreamHead(exchange, state.endpoint, exchange.path, exchange.snapshot?.forwarding));
  }

  answered(exchange: Exchange, attempt: Attempt, head: ResponseHead): boolean {
    const { status } = head;
    const breaker = exchange.runtime?.breaker;
    const failed = exchange.runtime?.route.breaker?.failureStatuses.includes(status) === true;
    const durationMs = attempt.recordAnswer(status, status < 500);
    if (failed) breaker?.onFailure(durationMs);
    else breaker?.onSuccess(durationMs);
    if (retriesStatus(exchange, status)) {
      attempt.cancel();
      this.#again(exchange, attempt);
      return false;
    }
    if (failed && exchange.runtime?.route.breaker?.fallbackPath !== undefined) {
      attempt.cancel();
      this.#fallBack(exchange, () => exchange.fail({ outcome: 'upstream-error' }));
      return false;
    }
    try {
      exchange.relayHead(head, outcomeOf(status));
      return true;
    } catch (error) {
      attempt.cancel();
      exchange.attempt = undefined;
      exchange.fail(detailOf(error));
      return false;
    }
  }

  failed(exchange: Exchange, attempt: Attempt, failure: UpstreamFailure): void {
    const outcome = attempt.recordFailure(failure);
    exchange.attempt = undefined;
    exchange.runtime?.breaker?.onFailure(performance.now() - attempt.startedAt);
    this.#afterFailure(exchange, attempt, failure, outcome);
  }

  #afterFailure(exchange: Exchange, attempt: Attempt, failure: UpstreamFailure | 'timeout', outcome: Outcome): void {
    if (exchange.finished) return;
    if (retriesFailure(exchange, attempt, failure)) return this.#again(exchange, attempt);
    this.#fallBack(exchange, () => exchange.fail({ outcome }));
  }

  /** Checks the clocks of a request under way; called some ten times a second. */
  checkTime(exchange: Exchange, now: number): void {
    const { attempt } = exchange;
    if (now > exchange.totalDeadline || (exchange.answered && now - exchange.lastActivity > exchange.idleMs)) {
      if (attempt instanceof Attempt) this.#timeOut(exchange, attempt);
      return exchange.fail({ outcome: 'upstream-timeout' });
    }
    if (attempt instanceof Attempt && now > attempt.deadline) {
      this.#timeOut(exchange, attempt);
      this.#afterFailure(exchange, attempt, 'timeout', 'upstream-timeout');
    }
  }

  #timeOut(exchange: Exchange, attempt: Attempt): void {
    if (!attempt.recorded) exchange.runtime?.breaker?.onFailure(performance.now() - attempt.startedAt);
    attempt.recordFailure('timeout');
    attempt.cancel();
    exchange.attempt = undefined;
  }

  #again(exchange: Exchange, attempt: Attempt): void {
    exchange.attempt = undefined;
    const cluster = exchange.runtime && this.#clusterOf(exchange, exchange.runtime);
    if (!cluster) return exchange.fail({ outcome: 'no-instance' });
    const pause = backoffMs(exchange.runtime?.route.retry?.backoff, exchange.attempts.length - 1, Math.random);
    const tried = [attempt.state];
    if (pause <= 0) return this.#attempt(exchange, cluster, tried);
    setTimeout(() => {
      if (!exchange.finished) this.#attempt(exchange, cluster, tried);
    }, pause);
  }

  /** Goes the breaker's other way, if it has one; otherwise answers the failure. */
  #fallBack(exchange: Exchange, answer: () => void): void {
    const path = exchange.runtime?.route.breaker?.fallbackPath;
    const { snapshot } = exchange;
    if (path === undefined || !snapshot || !exchange.replayable) return answer();
    exchange.attempt = undefined;
    exchange.path = path;
    exchange.upstreamUri = undefined;
    try {
      this.#match(exchange, snapshot);
    } catch (error) {
      exchange.fail(detailOf(error));
    }
  }

  #clusterOf(exchange: Exchange, runtime: RouteRuntime): ClusterRuntime | undefined {
    return exchange.upstreamUri === undefined ? runtime.cluster : this.#adHoc.of(exchange);
  }
}

function outcomeOf(status: number) {
  if (status < 300) return 'success';
  if (status < 400) return 'redirected';
  if (status === 404) return 'not-found';
  return status >= 500 ? 'upstream-error' : 'success';
}

function detailOf(error: unknown) {
  if (!(error instanceof CardeaError)) return { outcome: 'internal-error' } as const;
  return error.source === 'downstream'
    ? ({ outcome: 'client-bad-request', code: error.code, message: error.message } as const)
    : ({ outcome: 'internal-error', code: error.code } as const);
}
