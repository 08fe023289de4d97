import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** The TCP port on which a server listens. */
export function listeningPort(server: Pick<Server, 'address'>): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen on a TCP port');
  return address.port;
}

/** A port on which nobody listens any more. */
export async function refusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = listeningPort(server);
  server.close();
  await once(server, 'close');
  return port;
}
