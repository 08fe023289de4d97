import type { Socket } from 'node:net';
import type { ClientConnection } from './downstream.ts';
import type { DownstreamLimits } from './limits.ts';
import type { Stack } from './stack.ts';

/** What a connection gets from its listener. */
export interface ConnectionContext {
  readonly stack: Stack;
  readonly limits: DownstreamLimits;
  readonly scheme: 'http' | 'https';
  /** True while the listener drains: nothing new is begun on a connection. */
  draining(): boolean;
  connectionClosed(connection: ClientConnection): void;
  /**
   * Takes over a connection that began with the preface of HTTP/2, which is back in the socket; absent where HTTP/2 is
   * not spoken without being negotiated.
   */
  readonly switchToHttp2?: (connection: ClientConnection, socket: Socket) => void;
}
