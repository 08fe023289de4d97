import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import type { Problem } from '#kernel';
import type { EndpointSet, TrafficConfig } from '#traffic';
import type { ConnectionContext } from './connection-context.ts';
import type { ClientConnection } from './downstream.ts';
import { connectionChanged } from './events.ts';
import { RateLimiters } from './filters/index.ts';
import { DownstreamConnection } from './http1/downstream-connection.ts';
import { DOWNSTREAM_DEFAULTS, type DownstreamLimits } from './limits.ts';
import type { Explanation, MatchInput } from './match/index.ts';
import { SnapshotCompiler } from './snapshot.ts';
import { Stack } from './stack.ts';
import { AdHocClusters } from './upstream/ad-hoc-clusters.ts';

/** Deadlines are checked this often; none is finer than that. */
const SWEEP_MS = 100;
/** Longer than the pause between the last answer and a client's next request on a connection. */
const DRAIN_POLL_MS = 20;

/** PEM texts of a server certificate and its key. */
export interface ServerIdentity {
  readonly cert: string;
  readonly key: string;
}

export interface ListenerOptions {
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls?: ServerIdentity;
  /** Several processes listen on the same port. */
  readonly reusePort?: boolean;
  readonly limits?: Partial<DownstreamLimits>;
}

export interface PlaneListener {
  readonly port: number;
  /** Uses another certificate from the next connection on; those that are open stay. */
  renew(identity: ServerIdentity): void;
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
  readonly #servers: Server[] = [];
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

  async listen(options: ListenerOptions): Promise<PlaneListener> {
    const limits = { ...DOWNSTREAM_DEFAULTS, ...options.limits };
    const context: ConnectionContext = {
      stack: this.#stack,
      limits,
      scheme: options.tls ? 'https' : 'http',
      draining: () => this.#draining,
      connectionClosed: (connection) => {
        this.#connections.delete(connection);
        publishConnection('closed', connection.peerAddress);
      },
    };
    const accept = (socket: Socket): void => {
      if (this.#connections.size >= limits.maxConnections) {
        publishConnection('refused', socket.remoteAddress ?? '', 'too many connections');
        socket.destroy();
        return;
      }
      const connection = new DownstreamConnection(socket, context);
      this.#connections.add(connection);
      publishConnection('opened', connection.peerAddress);
    };
    const socketOptions = { allowHalfOpen: true, noDelay: true };
    let secure: TlsServer | undefined;
    if (options.tls) {
      secure = createTlsServer({ ...socketOptions, ...options.tls, ALPNProtocols: ['http/1.1'] }, accept);
      secure.on('tlsClientError', (_, socket) => socket.destroy());
    }
    const server: Server = secure ?? createServer(socketOptions, accept);
    const { address, port, reusePort = false } = options;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: address, port, reusePort, backlog: 4_096 }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.#servers.push(server);
    return { port: portOf(server.address()), renew: (identity) => secure?.setSecureContext(identity) };
  }

  /** Takes no new connection, lets what is under way finish, and cuts what is left after `deadlineMs`. */
  async drain(deadlineMs: number): Promise<void> {
    this.#draining = true;
    for (const server of this.#servers) server.close();
    const until = performance.now() + deadlineMs;
    for (const connection of this.#connections) connection.drain();
    while (this.#connections.size > 0 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
    }
    for (const connection of this.#connections) connection.destroy();
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    const closed = this.#servers
      .splice(0)
      .map((server) => new Promise<void>((resolve) => (server.listening ? server.close(() => resolve()) : resolve())));
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

function publishConnection(event: 'opened' | 'closed' | 'refused', peer: string, reason?: string): void {
  if (connectionChanged.hasSubscribers) connectionChanged.publish({ side: 'downstream', event, peer, reason });
}

function portOf(address: string | AddressInfo | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
