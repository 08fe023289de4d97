/* oxlint-disable typescript/no-unsafe-type-assertion -- a listening TCP server has an AddressInfo */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** Called with all bytes of one connection so far, at every read; writes what it likes to the socket. */
export type OriginScript = (received: string, socket: Socket) => void;

/** A server of raw bytes: it may answer early, late, wrongly or not at all. */
export interface FakeOrigin {
  readonly port: number;
  /** Latin1 bytes of each connection, in the order in which they were opened. */
  readonly connections: readonly string[];
  close(): Promise<void>;
}

export async function startFakeOrigin(script: OriginScript): Promise<FakeOrigin> {
  const connections: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const index = connections.push('') - 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      connections[index] += bytes.toString('latin1');
      script(connections[index] ?? '', socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
