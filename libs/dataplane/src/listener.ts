import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from 'node:tls';
import type { ConnectionContext } from './connection-context.ts';
import type { ClientConnection } from './downstream.ts';
import { connectionChanged } from './events.ts';
import { DownstreamConnection } from './http1/downstream-connection.ts';
import { MAX_QUEUED_BYTES } from './http1/socket-writer.ts';
import { DOWNSTREAM_DEFAULTS, type DownstreamLimits } from './limits.ts';
import type { Stack } from './stack.ts';
import { TlsIdentities, type ServerIdentity } from './tls-identities.ts';

export interface ListenerOptions {
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** One certificate, or several for as many host names; the first is the default. */
  readonly tls?: ServerIdentity | readonly ServerIdentity[];
  /** HTTP/2 beside HTTP/1.1: negotiated with TLS, by prior knowledge without. Default true. */
  readonly http2?: boolean;
  /** Several processes listen on the same port. */
  readonly reusePort?: boolean;
  readonly limits?: Partial<DownstreamLimits>;
}

/** What a listener shares with the others of its data plane. */
export interface ListenerOwner {
  readonly stack: Stack;
  readonly connections: Set<ClientConnection>;
  draining(): boolean;
}

/** One port: takes connections, makes them secure, and gives each to the protocol that it speaks. */
export class Listener {
  readonly #server: Server;
  readonly #secure: TlsServer | undefined;
  readonly #owner: ListenerOwner;
  readonly #limits: DownstreamLimits;
  readonly #options: ListenerOptions;
  readonly #context: ConnectionContext;
  #identities: TlsIdentities | undefined;
  /** Connections that do not speak HTTP yet, by peer: the secure socket does not tell the one below it. */
  readonly #handshaking = new Map<string, Socket>();

  constructor(options: ListenerOptions, owner: ListenerOwner) {
    this.#options = options;
    this.#owner = owner;
    this.#limits = { ...DOWNSTREAM_DEFAULTS, ...options.limits };
    const { tls, http2 = true } = options;
    this.#context = {
      stack: owner.stack,
      limits: this.#limits,
      scheme: tls ? 'https' : 'http',
      draining: () => owner.draining(),
      connectionClosed: (connection) => {
        owner.connections.delete(connection);
        publish('closed', connection.peerAddress);
      },
      ...(http2 && !tls && { switchToHttp2: (connection, socket) => this.#switch(connection, socket) }),
    };
    const socketOptions = { allowHalfOpen: true, noDelay: true, highWaterMark: MAX_QUEUED_BYTES };
    if (tls) {
      this.#identities = new TlsIdentities('cert' in tls ? [tls] : tls);
      const { cert, key } = this.#identities.standard;
      this.#secure = createTlsServer({
        ...socketOptions,
        cert,
        key,
        handshakeTimeout: this.#limits.handshakeTimeoutMs,
        ALPNProtocols: http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
        SNICallback: (name, done) => done(null, this.#identities?.contextFor(name)),
      });
      this.#secure.on('connection', (socket: Socket) => this.#handshake(socket));
      this.#secure.on('secureConnection', (socket) => this.#secured(socket));
      this.#secure.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
        // Neither those that were refused for want of room nor those that left by themselves.
        if (this.#handshaking.has(peerOf(socket)))
          publish('refused', socket.remoteAddress ?? '', error.code ?? error.message);
        socket.destroy();
      });
    }
    this.#server = this.#secure ?? createServer(socketOptions, (socket) => this.#accept(socket));
  }

  get port(): number {
    const address: AddressInfo | string | null = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async open(): Promise<void> {
    const { address, port, reusePort = false } = this.#options;
    const server = this.#server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: address, port, reusePort, backlog: 4_096 }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  }

  /** Shows other certificates from the next handshake on. Throws, and keeps those that it has, when one is none. */
  renew(tls: ServerIdentity | readonly ServerIdentity[]): void {
    const identities = new TlsIdentities('cert' in tls ? [tls] : tls);
    const { cert, key } = identities.standard;
    this.#secure?.setSecureContext({ cert, key });
    this.#identities = identities;
  }

  /** Takes no more connections. */
  stop(): void {
    if (this.#server.listening) this.#server.close();
  }

  async close(): Promise<void> {
    const server = this.#server;
    const closed = new Promise<void>((resolve) => {
      if (server.listening) server.close(() => resolve());
      else resolve();
    });
    for (const socket of this.#handshaking.values()) socket.destroy();
    await closed;
  }

  #full(socket: Socket): boolean {
    if (this.#owner.connections.size + this.#handshaking.size < this.#limits.maxConnections) return false;
    publish('refused', socket.remoteAddress ?? '', 'too many connections');
    socket.destroy();
    return true;
  }

  #handshake(socket: Socket): void {
    if (this.#full(socket)) return;
    const peer = peerOf(socket);
    this.#handshaking.set(peer, socket);
    socket.once('close', () => {
      if (this.#handshaking.get(peer) === socket) this.#handshaking.delete(peer);
    });
  }

  #secured(socket: TLSSocket): void {
    this.#handshaking.delete(peerOf(socket));
    if (socket.alpnProtocol === 'h2') void this.#speakHttp2(socket, false);
    else this.#speakHttp1(socket);
  }

  #accept(socket: Socket): void {
    if (!this.#full(socket)) this.#speakHttp1(socket);
  }

  #speakHttp1(socket: Socket): void {
    this.#add(new DownstreamConnection(socket, this.#context));
  }

  #switch(connection: ClientConnection, socket: Socket): void {
    this.#owner.connections.delete(connection);
    void this.#speakHttp2(socket, true);
  }

  /** Its code is loaded with the first connection that needs it. */
  async #speakHttp2(socket: Socket, opened: boolean): Promise<void> {
    const peer = peerOf(socket);
    socket.on('error', () => undefined);
    this.#handshaking.set(peer, socket);
    try {
      const { DownstreamSession } = await import('./http2/downstream-session.ts');
      if (!socket.destroyed) return this.#add(new DownstreamSession(socket, this.#context), opened);
    } catch {
      // Gone between two looks at it.
      socket.destroy();
    } finally {
      this.#handshaking.delete(peer);
    }
    if (opened) publish('closed', socket.remoteAddress ?? '');
  }

  #add(connection: ClientConnection, opened = false): void {
    this.#owner.connections.add(connection);
    if (!opened) publish('opened', connection.peerAddress);
  }
}

function peerOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}

function publish(event: 'opened' | 'closed' | 'refused', peer: string, reason?: string): void {
  if (connectionChanged.hasSubscribers) connectionChanged.publish({ side: 'downstream', event, peer, reason });
}
