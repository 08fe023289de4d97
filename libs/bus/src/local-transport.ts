import type { EventEmitter } from 'node:events';
import {
  BaseRpcContext,
  ClientProxy,
  Server,
  type CustomTransportStrategy,
  type ReadPacket,
} from '@nestjs/microservices';

const EVENT = 'event';

/** Delivers to handlers in the same process. The default: one process needs no broker. */
export class LocalServer extends Server implements CustomTransportStrategy {
  readonly #line: EventEmitter;
  readonly #deliver = (packet: ReadPacket): void => {
    const pattern = String(packet.pattern);
    if (this.getHandlerByPattern(pattern) !== null) void this.handleEvent(pattern, packet, new BaseRpcContext([]));
  };

  constructor(line: EventEmitter) {
    super();
    this.#line = line;
  }

  listen(callback: () => void): void {
    this.#line.on(EVENT, this.#deliver);
    callback();
  }

  close(): void {
    this.#line.off(EVENT, this.#deliver);
  }

  on(): void {
    // A line within a process has no states to tell.
  }

  unwrap(): never {
    throw new TypeError('there is no broker behind the local transport');
  }
}

/** The sending side of `LocalServer`. */
export class LocalClient extends ClientProxy {
  readonly #line: EventEmitter;

  constructor(line: EventEmitter) {
    super();
    this.#line = line;
  }

  async connect(): Promise<void> {
    // Always connected.
  }

  close(): void {
    // Nothing is open.
  }

  unwrap(): never {
    throw new TypeError('there is no broker behind the local transport');
  }

  protected publish(): () => void {
    throw new TypeError('the bus carries events, not requests');
  }

  protected async dispatchEvent<T>(packet: ReadPacket): Promise<T> {
    this.#line.emit(EVENT, packet);
    const nothing: T = JSON.parse('null');
    return nothing;
  }
}
