import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface TunnelOwner {
  active(): void;
  ended(): void;
}

/** Passes bytes both ways between client and service, each direction until its sender ends it. */
export function joinTunnel(socket: Socket, upstream: Duplex, owner: TunnelOwner): void {
  socket.removeAllListeners('data').removeAllListeners('drain').removeAllListeners('end');
  upstream.allowHalfOpen = true;
  const active = (): void => owner.active();
  active();
  upstream.on('close', () => {
    owner.ended();
    // What the server said last may still be on its way to the client.
    socket.destroySoon();
  });
  socket.on('close', () => upstream.destroy());
  upstream.on('data', active);
  socket.on('data', active);
  upstream.pipe(socket);
  socket.pipe(upstream);
  socket.resume();
}
