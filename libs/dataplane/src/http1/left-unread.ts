import type { Socket } from 'node:net';

/**
 * What became of a peer while nothing of it is read: `reset` once the connection is gone, `ended` once its last byte lies
 * in the socket's buffer. Streams tell neither before that buffer has been read, so this looks below them; where Node
 * should move these things, the answer is `open`.
 */
export function leftUnread(socket: Socket): 'open' | 'ended' | 'reset' {
  const handle: unknown = Reflect.get(socket, '_handle');
  // Linux names no peer (ENOTCONN) after a reset, however much came before it.
  if (isHandle(handle) && handle.getpeername({}) < 0) return 'reset';
  const state: unknown = Reflect.get(socket, '_readableState');
  return isState(state) && state.ended === true && !socket.readableEnded ? 'ended' : 'open';
}

function isHandle(value: unknown): value is { getpeername(address: object): number } {
  return typeof value === 'object' && value !== null && 'getpeername' in value;
}

function isState(value: unknown): value is { readonly ended: unknown } {
  return typeof value === 'object' && value !== null && 'ended' in value;
}
