import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { ClientRedis, ServerRedis } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import type { Transport } from './transport.ts';

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5_000;
/** Longest that a start waits for Redis, and a stop for its farewell, ms. */
const PATIENCE_MS = 1_000;

/**
 * Connects to Redis for as long as it takes: a process starts, serves and stops without it. Once connected, the client of
 * Redis reconnects by itself.
 */
export class RedisLink {
  connected = false;
  problem: string | undefined;
  readonly #make: () => RedisTransport;
  readonly #abort = new AbortController();
  #transport: RedisTransport | undefined;

  constructor(redisUrl: string, prepare: (transport: Transport) => void) {
    // Nest would write to standard output, which belongs to the command.
    Logger.overrideLogger(false);
    this.#make = () => {
      const transport = redisTransport(redisUrl);
      prepare(transport);
      return transport;
    };
  }

  /** Answers when connected or after a moment, whichever is first. */
  async open(): Promise<void> {
    const connecting = this.#connect();
    await Promise.race([connecting, delay(PATIENCE_MS, undefined, { ref: false })]);
  }

  get client(): Transport['client'] | undefined {
    return this.connected ? this.#transport?.client : undefined;
  }

  async close(): Promise<void> {
    this.#abort.abort();
    const transport = this.#transport;
    if (transport !== undefined) await dispose(transport);
  }

  #take(status: string): void {
    this.connected = status === 'connected';
    this.problem = this.connected ? undefined : `Redis is ${status}`;
  }

  async #connect(): Promise<void> {
    const { signal } = this.#abort;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const transport = this.#make();
      this.#transport = transport;
      try {
        await listen(transport);
        await transport.client.connect();
        transport.status.subscribe((status) => this.#take(status));
        this.#take('connected');
        return;
      } catch (error) {
        this.problem = error instanceof Error ? error.message : String(error);
        await dispose(transport);
      }
      const pause = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
      await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}

function listen({ server }: Transport): Promise<void> {
  return new Promise((resolve, reject) => {
    void server.listen((error: unknown) => (error instanceof Error ? reject(error) : resolve()));
  });
}

/** A farewell that Redis does not answer is cut short: a dead one must not hold up a stop. */
async function dispose({ server, client, sever }: Transport): Promise<void> {
  const farewell = Promise.allSettled([Promise.resolve(server.close()), Promise.resolve(client.close())]);
  await Promise.race([farewell, delay(PATIENCE_MS, undefined, { ref: false })]);
  sever();
}

/** `status`: of the connection that sends: connected, reconnecting or disconnected. */
type RedisTransport = Transport & { readonly status: Observable<string> };

function redisTransport(redisUrl: string): RedisTransport {
  const { hostname, port, password, protocol } = new URL(redisUrl);
  const options = {
    host: hostname,
    port: Number(port) || 6_379,
    retryAttempts: Number.MAX_SAFE_INTEGER,
    retryDelay: 500,
    // A connection that the other side does not end is cut after this, ms: it would keep the process alive.
    disconnectTimeout: 200,
    ...(password !== '' && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  };
  const server = new ServerRedis(options);
  const client = new ClientRedis(options);
  return {
    server,
    client,
    status: client.status,
    sever() {
      for (const side of [server, client]) for (const connection of connectionsOf(side)) connection.disconnect();
    },
  };
}

/** Both connections of a side; none before it has tried to connect. */
function connectionsOf(side: ServerRedis | ClientRedis): readonly { disconnect(): void }[] {
  try {
    return side.unwrap<[{ disconnect(): void }, { disconnect(): void }]>().filter((each) => each != null);
  } catch {
    return [];
  }
}
