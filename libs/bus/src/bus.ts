import { EventEmitter } from 'node:events';
import { EMPTY, lastValueFrom } from 'rxjs';
import { ControlPlaneGuards } from '#health';
import type { BusEventName, BusEvents, BusHandlers } from './bus-event.ts';
import { LocalClient, LocalServer } from './local-transport.ts';
import type { RedisLink } from './redis-link.ts';
import type { Transport } from './transport.ts';

export interface BusOptions {
  readonly transport: 'local' | 'redis';
  /** `redis://[:password@]host:port`. */
  readonly redisUrl?: string;
  readonly handlers: BusHandlers;
  /** Events are hints; one that cannot be sent is told here and not sent again. */
  readonly onLost?: (event: BusEventName, error: Error) => void;
  /** Where the breaker around sending is shown. */
  readonly guards?: ControlPlaneGuards;
}

export interface BusState {
  readonly transport: 'local' | 'redis';
  readonly connected: boolean;
  /** Events that could not be sent. */
  readonly lost: number;
  /** Why it is not connected. */
  readonly problem?: string;
}

/** Carries events between the apps: inside one process, or through Redis to all that share it. */
export interface Bus {
  readonly state: BusState;
  publish<E extends BusEventName>(event: E, data: BusEvents[E]): void;
  close(): Promise<void>;
}

/** All local buses of a process share one line, as all that name one Redis share it. */
const line = new EventEmitter().setMaxListeners(0);

/**
 * Opens the bus; the handlers are called from then on. A Redis that is away keeps nobody from starting: it is connected
 * to as soon as it is there, and what is published before is lost.
 */
export async function openBus(options: BusOptions): Promise<Bus> {
  const link = options.transport === 'redis' ? await redisLink(options) : await localLink(options.handlers);
  let lost = 0;
  const guards = options.guards ?? new ControlPlaneGuards();
  // A Redis that hangs must not hold up those that only wanted to tell something.
  const send = guards.guard(
    async (event: BusEventName, data: unknown) => {
      // Not queued: what is told late is worse than nothing.
      if (link.client === undefined) throw new Error(link.problem ?? 'Redis is not connected yet');
      await lastValueFrom(link.client.emit(event, data), { defaultValue: undefined });
    },
    { name: 'bus', timeoutMs: 2_000, resetMs: 5_000 },
  );
  return {
    get state() {
      const { connected, problem } = link;
      return { transport: options.transport, connected, lost, ...(problem !== undefined && { problem }) };
    },
    publish(event, data) {
      send(event, data).catch((error: Error) => {
        lost += 1;
        options.onLost?.(event, error);
      });
    },
    async close() {
      send.close();
      await link.close();
    },
  };
}

type Link = Pick<RedisLink, 'connected' | 'problem' | 'client' | 'close'>;

async function localLink(handlers: BusHandlers): Promise<Link> {
  const [server, client] = [new LocalServer(line), new LocalClient(line)];
  const transport: Transport = { server, client, sever: () => undefined };
  handle(transport, handlers);
  await new Promise<void>((resolve) => server.listen(resolve));
  return { connected: true, problem: undefined, client, close: async () => server.close() };
}

/** Loaded when it is asked for: most processes have no Redis. */
async function redisLink({ redisUrl = 'redis://127.0.0.1:6379', handlers }: BusOptions): Promise<Link> {
  const { RedisLink } = await import('./redis-link.ts');
  const link = new RedisLink(redisUrl, (transport) => handle(transport, handlers));
  await link.open();
  return link;
}

function handle({ server }: Transport, handlers: BusHandlers): void {
  for (const [event, handler] of Object.entries<((data: never) => void) | undefined>(handlers)) {
    if (handler === undefined) continue;
    const call = async (data: unknown) => {
      Reflect.apply(handler, undefined, [data]);
      return EMPTY;
    };
    server.addHandler(event, call, true);
  }
}
