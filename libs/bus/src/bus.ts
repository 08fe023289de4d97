import { EventEmitter } from 'node:events';
import { Logger } from '@nestjs/common';
import { ClientRedis, ServerRedis } from '@nestjs/microservices';
import { EMPTY, lastValueFrom, type Observable } from 'rxjs';
import { guardCall } from '#health';
import type { BusEventName, BusEvents, BusHandlers } from './bus-event.ts';
import { LocalClient, LocalServer } from './local-transport.ts';

export interface BusOptions {
  readonly transport: 'local' | 'redis';
  /** `redis://[:password@]host:port`. */
  readonly redisUrl?: string;
  readonly handlers: BusHandlers;
  /** Events are hints; one that cannot be sent is told here and not sent again. */
  readonly onLost?: (event: BusEventName, error: Error) => void;
}

/** Carries events between the apps: inside one process, or through Redis to all that share it. */
export interface Bus {
  publish<E extends BusEventName>(event: E, data: BusEvents[E]): void;
  close(): Promise<void>;
}

/** All local buses of a process share one line, as all that name one Redis share it. */
const line = new EventEmitter().setMaxListeners(0);

/** What is needed of a transport of `@nestjs/microservices`. */
interface Transport {
  readonly server: {
    addHandler(pattern: string, handler: (data: unknown) => Promise<Observable<never>>, isEvent: boolean): void;
    listen(callback: (error?: unknown) => void): unknown;
    close(): unknown;
  };
  readonly client: {
    connect(): Promise<unknown>;
    emit(pattern: string, data: unknown): Observable<unknown>;
    close(): unknown;
  };
}

/** Opens the bus; the handlers are called from then on. */
export async function openBus(options: BusOptions): Promise<Bus> {
  const { server, client } = options.transport === 'redis' ? redisPair(options.redisUrl) : localPair();
  for (const [event, handler] of Object.entries<((data: never) => void) | undefined>(options.handlers)) {
    if (handler === undefined) continue;
    const handle = async (data: unknown) => {
      Reflect.apply(handler, undefined, [data]);
      return EMPTY;
    };
    server.addHandler(event, handle, true);
  }
  await new Promise<void>((resolve, reject) => {
    void server.listen((error: unknown) => (error instanceof Error ? reject(error) : resolve()));
  });
  await client.connect();
  // A Redis that hangs must not hold up those that only wanted to tell something.
  const send = guardCall(
    (event: BusEventName, data: unknown) => lastValueFrom(client.emit(event, data), { defaultValue: undefined }),
    { name: 'bus', timeoutMs: 2_000, resetMs: 5_000 },
  );
  return {
    publish(event, data) {
      send(event, data).catch((error: Error) => options.onLost?.(event, error));
    },
    async close() {
      send.close();
      await Promise.allSettled([server.close(), client.close()]);
    },
  };
}

function localPair(): Transport {
  return { server: new LocalServer(line), client: new LocalClient(line) };
}

function redisPair(redisUrl = 'redis://127.0.0.1:6379'): Transport {
  // Nest would write to standard output, which belongs to the command.
  Logger.overrideLogger(false);
  const { hostname, port, password, protocol } = new URL(redisUrl);
  const options = {
    host: hostname,
    port: Number(port) || 6_379,
    retryAttempts: Number.MAX_SAFE_INTEGER,
    retryDelay: 500,
    ...(password !== '' && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  };
  return { server: new ServerRedis(options), client: new ClientRedis(options) };
}
