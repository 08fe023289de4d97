import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { Cluster, Endpoint } from '#traffic';
import { UpstreamConnection, type ConnectionOwner } from '../http1/upstream-connection.ts';
import { MAX_QUEUED_BYTES } from '../http1/socket-writer.ts';
import { WaitingLine, type Waiter } from './waiting-line.ts';

/** How often a retired pool looks at its own clocks: nobody else does any more. */
const RETIRED_SWEEP_MS = 100;
const SOCKET = { writableHighWaterMark: MAX_QUEUED_BYTES };

/** Connections to one endpoint, in one worker. The one used last is taken first, so that the others can grow old. */
export class EndpointPool implements ConnectionOwner {
  readonly #endpoint: Endpoint;
  readonly #cluster: Cluster;
  readonly #idle: UpstreamConnection[] = [];
  readonly #all = new Set<UpstreamConnection>();
  readonly #line: WaitingLine;
  #session: Buffer | undefined;
  #retired = false;
  #watch: NodeJS.Timeout | undefined;
  /** Monotonic ms at the last sweep or acquisition: exact enough for idle times, and costs no look at the clock. */
  #now = 0;

  constructor(cluster: Cluster, endpoint: Endpoint) {
    this.#cluster = cluster;
    this.#endpoint = endpoint;
    this.#line = new WaitingLine(cluster.maxPendingRequests, cluster.pendingTimeoutMs);
  }

  get size(): number {
    return this.#all.size;
  }

  /** A connection that is free, or a new one on its way; undefined when there may be no more. */
  acquire(now: number): UpstreamConnection | undefined {
    this.#now = now;
    for (let connection = this.#idle.pop(); connection; connection = this.#idle.pop()) {
      if (connection.usable && now - connection.since < this.#cluster.idleTimeoutMs) return connection;
      connection.destroy();
    }
    return this.#all.size < this.#cluster.maxConnections ? this.#open(now) : undefined;
  }

  /** For the next connection that gets free or may be opened; answers how to give up, undefined when too many wait. */
  wait(waiter: Waiter): (() => void) | undefined {
    return this.#line.join(waiter);
  }

  connectionIdle(connection: UpstreamConnection): void {
    const waiter = this.#line.take();
    if (waiter) return waiter.connectionReady(connection);
    if (this.#retired) return connection.destroy();
    connection.since = this.#now;
    this.#idle.push(connection);
  }

  connectionClosed(connection: UpstreamConnection): void {
    this.#all.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#line.take()?.connectionReady(this.#open(performance.now()));
  }

  /** Ends what is idle for too long, and what does not get connected in time. */
  sweep(now: number): void {
    this.#now = now;
    for (const connection of this.#all) {
      if (!connection.connected && now - connection.since > this.#cluster.connectTimeoutMs) connection.destroy();
    }
    while (this.#idle[0] && now - this.#idle[0].since > this.#cluster.idleTimeoutMs) this.#idle.shift()?.destroy();
  }

  /** The endpoint has left: what is under way may end, nothing new begins. */
  retire(): void {
    this.#retired = true;
    for (const connection of this.#idle.splice(0)) connection.destroy();
    if (this.#all.size > 0) this.#watchOver();
  }

  destroy(): void {
    this.retire();
    for (let waiter = this.#line.take(); waiter; waiter = this.#line.take()) waiter.waitedInVain();
    for (const connection of this.#all) connection.destroy();
  }

  /** Sweeps until the last connection has gone. */
  #watchOver(): void {
    this.#watch ??= setInterval(() => {
      this.sweep(performance.now());
      if (this.#all.size > 0) return;
      clearInterval(this.#watch);
      this.#watch = undefined;
    }, RETIRED_SWEEP_MS).unref();
  }

  #open(now: number): UpstreamConnection {
    const { host, port, secure } = this.#endpoint;
    const { tls } = this.#cluster;
    const connection =
      tls || secure === true
        ? new UpstreamConnection(() => this.#openTls(), this, 'secureConnect')
        : new UpstreamConnection((onread) => connectTcp({ ...SOCKET, host, port, onread }), this, 'connect');
    connection.since = now;
    this.#all.add(connection);
    if (this.#retired) this.#watchOver();
    return connection;
  }

  #openTls() {
    const { host, port } = this.#endpoint;
    const { tls } = this.#cluster;
    const servername = tls?.serverName ?? (isIP(host) === 0 ? host : undefined);
    const options: ConnectionOptions = {
      host,
      port,
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: tls?.verify ?? true,
      ...(servername !== undefined && { servername }),
      ...(tls?.caPem !== undefined && { ca: tls.caPem }),
      ...(tls?.certPem !== undefined && { cert: tls.certPem }),
      ...(tls?.keyPem !== undefined && { key: tls.keyPem }),
      ...(this.#session && { session: this.#session }),
    };
    const socket = connectTls(options);
    socket.on('session', (session: Buffer) => (this.#session = session));
    return socket;
  }
}
