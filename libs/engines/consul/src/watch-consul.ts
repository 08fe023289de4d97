import type { ConnectionOptions, EventFollower } from '#event-stream';
import { type CancelTimer, CardeaError, type Clock, systemClock } from '#kernel';
import type { WatchRegistryOptions } from '#protocols/registry-api';
import { followIndex, type Indexed, nextIndex } from './blocking-query.ts';
import { CatalogClient } from './catalog-client.ts';
import type { CatalogEntry } from './catalog-instance.ts';
import { KnownInstances } from './known-instances.ts';

type Callbacks = Pick<WatchRegistryOptions, 'onSnapshot' | 'onChange'> &
  Pick<ConnectionOptions, 'onConnected' | 'onDisconnected' | 'clock'>;

export interface WatchConsulOptions extends Callbacks {
  /** `consul://127.0.0.1:8500`, or `consul+https://…` for TLS. */
  readonly url: string;
  readonly token?: string | undefined;
  /** Only these services; all of the catalog when left out or empty. */
  readonly services?: readonly string[];
  /** Each service takes a connection, of which Consul gives 200 to one address (`limits.http_max_conns_per_client`). */
  readonly maxServices?: number;
  readonly maxInstances?: number;
  /** Stands around each attempt to read the catalog, for callers that guard their calls. */
  readonly guard?:
    ((attempt: (signal: AbortSignal) => Promise<void>) => (signal: AbortSignal) => Promise<void>) | undefined;
}

const MAX_SERVICES = 180;
const MAX_INSTANCES = 20_000;
/** Questions at once while the catalog is read. */
const READERS = 16;
const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 10_000;

interface Reading {
  readonly catalogIndex: number;
  readonly services: ReadonlyMap<string, Indexed<readonly CatalogEntry[]>>;
}

/**
 * Follows a Consul catalog for as long as it takes. A session reads everything, tells it as a snapshot, and then holds a
 * blocking query per service and one for the list of services; when one of them fails the next session begins.
 */
export function watchConsul(options: WatchConsulOptions): EventFollower {
  return new ConsulFollower(options);
}

class ConsulFollower implements EventFollower {
  readonly #options: WatchConsulOptions;
  readonly #clock: Clock;
  readonly #client: CatalogClient;
  readonly #known: KnownInstances;
  readonly #maxServices: number;
  readonly #read: (signal: AbortSignal) => Promise<void>;
  /** Ends the queries of a session, by service. */
  readonly #queries = new Map<string, AbortController>();
  /** What is left out because there is too much, by what tells it; '' is the list of services. */
  readonly #overfull = new Map<string, CardeaError>();
  #reading: Reading | undefined;
  #session = new AbortController();
  #index = 0;
  #attempt = 0;
  #following = false;
  #closed = false;
  #cancelRetry: CancelTimer | undefined;

  constructor(options: WatchConsulOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#client = new CatalogClient(options.url, options.token);
    this.#maxServices = options.maxServices ?? MAX_SERVICES;
    this.#known = new KnownInstances(options.maxInstances ?? MAX_INSTANCES);
    const read = async (signal: AbortSignal): Promise<void> => {
      this.#reading = await this.#readCatalog(signal);
    };
    this.#read = options.guard?.(read) ?? read;
    void this.#run();
  }

  get connected(): boolean {
    return this.#following && this.#overfull.size === 0;
  }

  close(): void {
    this.#closed = true;
    this.#following = false;
    this.#cancelRetry?.();
    this.#session.abort();
    this.#client.close();
  }

  async #run(): Promise<void> {
    const session = new AbortController();
    this.#session = session;
    let began = Infinity;
    try {
      await this.#read(session.signal);
      if (this.#closed) return;
      const failed = this.#begin(session.signal);
      began = this.#clock.monotonic();
      throw await failed;
    } catch (error) {
      session.abort();
      // A Consul that answers and fails at once is not asked for everything ten times a second.
      if (this.#clock.monotonic() - began >= MAX_RETRY_MS) this.#attempt = 0;
      this.#retry(error);
    }
  }

  async #readCatalog(signal: AbortSignal): Promise<Reading> {
    const named = [...new Set(this.#options.services?.map((name) => name.toLowerCase()))];
    const list = named.length > 0 ? { index: 0, value: named } : await this.#client.serviceNames(0, signal);
    if (list.value.length > this.#maxServices) throw this.#tooManyServices(list.value.length);
    const services = new Map<string, Indexed<readonly CatalogEntry[]>>();
    const waiting = [...list.value];
    const readSome = async (): Promise<void> => {
      for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
        services.set(name, await this.#client.instances(name, 0, signal));
      }
    };
    await Promise.all(Array.from({ length: READERS }, readSome));
    return { catalogIndex: list.index, services };
  }

  /** Tells what was read and follows it. Resolves with what ends the session. */
  #begin(session: AbortSignal): Promise<unknown> {
    const { catalogIndex, services } = this.#reading ?? { catalogIndex: 0, services: new Map() };
    this.#reading = undefined;
    this.#known.clear();
    this.#queries.clear();
    this.#overfull.clear();
    for (const [name, { value }] of services) {
      const { refused } = this.#known.take(name, value);
      if (refused > 0) return Promise.resolve(this.#tooManyInstances());
    }
    this.#following = true;
    this.#options.onConnected?.();
    // Without the name of a run: a Consul that was away may have forgotten what did not tell it again yet.
    this.#options.onSnapshot({ index: ++this.#index, instances: this.#known.all });
    return new Promise((fail) => {
      for (const [name, { index }] of services) this.#followService(name, nextIndex(0, index), session, fail);
      if (this.#options.services?.length) return;
      const ask = (index: number) => this.#client.serviceNames(index, session);
      const take = (names: readonly string[]) => this.#takeNames(names, session, fail);
      followIndex(ask, nextIndex(0, catalogIndex), take, this.#clock, session).catch(fail);
    });
  }

  #followService(name: string, first: number, session: AbortSignal, fail: (reason: unknown) => void): void {
    const own = new AbortController();
    const signal = AbortSignal.any([own.signal, session]);
    this.#queries.set(name, own);
    const ask = (index: number) => this.#client.instances(name, index, signal);
    const take = (entries: readonly CatalogEntry[]) => this.#takeInstances(name, entries);
    followIndex(ask, first, take, this.#clock, signal).catch((error: unknown) => own.signal.aborted || fail(error));
  }

  #takeNames(names: readonly string[], session: AbortSignal, fail: (reason: unknown) => void): void {
    const listed = new Set(names);
    for (const [name, query] of this.#queries) {
      if (listed.has(name)) continue;
      query.abort();
      this.#queries.delete(name);
      this.#takeInstances(name, []);
    }
    for (const name of listed) {
      if (this.#queries.size >= this.#maxServices) break;
      if (!this.#queries.has(name)) this.#followService(name, 0, session, fail);
    }
    this.#mark('', listed.size > this.#queries.size ? this.#tooManyServices(listed.size) : undefined);
  }

  #takeInstances(service: string, entries: readonly CatalogEntry[]): void {
    const { changes, refused } = this.#known.take(service, entries);
    if (changes.length > 0) this.#options.onChange({ index: ++this.#index, changes });
    this.#mark(service, refused > 0 ? this.#tooManyInstances() : undefined);
  }

  /** What was known is followed on; that something is left out counts as not being connected. */
  #mark(subject: string, error: CardeaError | undefined): void {
    if (error === undefined) {
      if (this.#overfull.delete(subject) && this.#overfull.size === 0) this.#options.onConnected?.();
    } else if (!this.#overfull.has(subject)) {
      this.#overfull.set(subject, error);
      this.#options.onDisconnected?.({ error: this.#unreachable(error), attempt: 0, retryInMs: 0 });
    }
  }

  #retry(cause: unknown): void {
    this.#following = false;
    if (this.#closed) return;
    this.#attempt += 1;
    const full = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.#attempt - 1));
    // Gateways that lost the same Consul must not all come back in the same instant.
    const retryInMs = Math.round(full * (0.75 + Math.random() * 0.5));
    this.#cancelRetry = this.#clock.schedule(retryInMs, () => void this.#run());
    this.#options.onDisconnected?.({ error: this.#unreachable(cause), attempt: this.#attempt, retryInMs });
  }

  #unreachable(cause: unknown): CardeaError {
    const message = 'the Consul catalog cannot be followed';
    const remedy = 'see that it runs and that the URL is right; what is known of it stays in use until it is back';
    return new CardeaError('registry-unreachable', message, { source: 'upstream', retry: 'yes', cause, remedy });
  }

  #tooManyServices(count: number): CardeaError {
    const message = `its catalog has ${count} services, and ${this.#maxServices} at most are followed: name those that are wanted`;
    return new CardeaError('too-many-services', `${message} in cardea.registry.consul-services`, {
      source: 'upstream',
    });
  }

  #tooManyInstances(): CardeaError {
    const limit = this.#options.maxInstances ?? MAX_INSTANCES;
    const message = `its catalog has more than the ${limit} instances that are followed: name the services that are wanted`;
    return new CardeaError('too-many-instances', `${message} in cardea.registry.consul-services`, {
      source: 'upstream',
    });
  }
}
