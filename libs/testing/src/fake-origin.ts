import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { listeningPort } from './listening-port.ts';
import { Watched } from './watched.ts';

/** Called with all bytes of one connection so far, at every read; writes what it likes to the socket. */
export type OriginScript = (received: string, socket: Socket) => void;

export interface FakeOriginOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A server of raw bytes: it may answer early, late, wrongly or not at all. */
export interface FakeOrigin {
  readonly port: number;
  /** Latin1 bytes of each connection, in the order in which they were opened. */
  readonly connections: readonly string[];
  /** Connections that have closed. */
  readonly closed: number;
  /** Resolves once the condition holds. */
  until(condition: (origin: FakeOrigin) => boolean): Promise<void>;
  close(): Promise<void>;
}

export async function startFakeOrigin(script: OriginScript, options: FakeOriginOptions = {}): Promise<FakeOrigin> {
  const connections: string[] = [];
  const sockets = new Set<Socket>();
  const watched = new Watched();
  let closed = 0;
  const accept = (socket: Socket): void => {
    const index = connections.push('') - 1;
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      closed += 1;
      watched.changed();
    });
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      connections[index] += bytes.toString('latin1');
      script(connections[index] ?? '', socket);
      watched.changed();
    });
    watched.changed();
  };
  const server: Server = options.tls ? createTlsServer(options.tls, accept) : createServer(accept);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const origin: FakeOrigin = {
    port: listeningPort(server),
    connections,
    get closed() {
      return closed;
    },
    until: (condition) =>
      watched.until(
        () => condition(origin),
        () => JSON.stringify({ connections, closed }),
      ),
    async close() {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
  return origin;
}
