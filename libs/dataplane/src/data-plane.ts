import type { Problem } from '#kernel';
import type { EndpointSet, TrafficConfig } from '#traffic';
import type { ClientConnection } from './downstream.ts';
import { type ClusterView, viewOfCluster } from './explain/plane-view.ts';
import { RateLimiters } from './filters/index.ts';
import { Listener, type ListenerOptions } from './listener.ts';
import type { Explanation, MatchInput } from './match/index.ts';
import { SnapshotCompiler } from './snapshot.ts';
import { Stack } from './stack.ts';
import type { ServerIdentity } from './tls-identities.ts';
import { AdHocClusters } from './upstream/ad-hoc-clusters.ts';

/** Deadlines are checked this often; none is finer than that. */
const SWEEP_MS = 100;
/** Longer than the pause between the last answer and a client's next request on a connection. */
const DRAIN_POLL_MS = 20;

export interface PlaneListener {
  readonly port: number;
  /**
   * Shows other certificates from the next handshake on; connections that are open stay. Throws, and keeps those that it
   * has, when one is none.
   */
  renew(identities: ServerIdentity | readonly ServerIdentity[]): void;
}

export type PlaneResult =
  | { readonly accepted: true; readonly problems: readonly Problem[] }
  | { readonly accepted: false; readonly problems: readonly Problem[] };

/** Executes `TrafficConfig` versions: listens, matches, forwards. Knows no dialect and no control plane. */
export class DataPlane {
  readonly #adHoc = new AdHocClusters();
  readonly #stack = new Stack(this.#adHoc);
  readonly #compiler = new SnapshotCompiler(new RateLimiters());
  readonly #endpoints = new Map<string, EndpointSet>();
  readonly #listeners: Listener[] = [];
  readonly #connections = new Set<ClientConnection>();
  readonly #sweep: NodeJS.Timeout;
  #draining = false;

  constructor() {
    this.#sweep = setInterval(() => this.#checkTime(), SWEEP_MS);
    this.#sweep.unref();
  }

  /** Requests and upgraded connections under way. */
  get inFlight(): number {
    let busy = 0;
    for (const connection of this.#connections) busy += connection.inFlight;
    return busy;
  }

  /** Takes a version, or refuses it and keeps serving the one before. Broken routes are left out and told. */
  apply(config: TrafficConfig): PlaneResult {
    try {
      const snapshot = this.#compiler.compile(config);
      for (const runtime of this.#compiler.clusters) {
        const set = this.#endpoints.get(runtime.cluster.id);
        if (set && runtime.cluster.endpoints.kind === 'discovered') runtime.update(set.endpoints);
      }
      this.#stack.snapshot = snapshot;
      return { accepted: true, problems: snapshot.config.problems };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const problem: Problem = { severity: 'error', code: 'configuration-refused', message };
      return { accepted: false, problems: [problem] };
    }
  }

  /** The instances of a discovered cluster; kept for clusters that a later version brings. */
  updateEndpoints(set: EndpointSet): void {
    this.#endpoints.set(set.cluster, set);
    for (const runtime of this.#compiler.clusters) {
      if (runtime.cluster.id === set.cluster && runtime.cluster.endpoints.kind === 'discovered') {
        runtime.update(set.endpoints);
      }
    }
  }

  /** Why a request would take the route it takes. */
  explain(request: MatchInput): Explanation | undefined {
    return this.#stack.snapshot?.router.explain(request);
  }

  /** The clusters in use, with what has been learnt of their endpoints. */
  view(): readonly ClusterView[] {
    return [...this.#compiler.clusters].map(viewOfCluster);
  }

  async listen(options: ListenerOptions): Promise<PlaneListener> {
    const listener = new Listener(options, {
      stack: this.#stack,
      connections: this.#connections,
      draining: () => this.#draining,
    });
    await listener.open();
    this.#listeners.push(listener);
    return { port: listener.port, renew: (identities) => listener.renew(identities) };
  }

  /** Takes no new connection, lets what is under way finish, and cuts what is left after `deadlineMs`. Answers how many. */
  async drain(deadlineMs: number): Promise<number> {
    this.#draining = true;
    for (const listener of this.#listeners) listener.stop();
    const until = performance.now() + deadlineMs;
    for (const connection of this.#connections) connection.drain();
    while (this.#connections.size > 0 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
    }
    const cut = this.inFlight;
    for (const connection of this.#connections) connection.destroy();
    return cut;
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    const closed = this.#listeners.splice(0).map((listener) => listener.close());
    for (const connection of this.#connections) connection.destroy();
    for (const runtime of this.#compiler.clusters) runtime.destroy();
    this.#adHoc.close();
    await Promise.all(closed);
  }

  #checkTime(): void {
    const now = performance.now();
    for (const connection of this.#connections) connection.checkTime(now);
    for (const runtime of this.#compiler.clusters) runtime.sweep(now);
    this.#adHoc.sweep(now);
  }
}
