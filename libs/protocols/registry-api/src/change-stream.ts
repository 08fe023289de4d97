import type { Writable } from 'node:stream';
import { COMMENT, COMMENT_EVERY_MS, formatEvent } from '#event-stream';
import type { CancelTimer, Clock } from '#kernel';
import type { LeaseRegistry, RegistryChange } from '#registry';
import { viewOf } from './instance-view.ts';

export interface StreamOptions {
  /** Services to tell of, in upper case; undefined: all. */
  readonly services?: ReadonlySet<string> | undefined;
  /** `Last-Event-ID` of a client that comes back. */
  readonly lastIndex?: number | undefined;
}

interface Client {
  readonly output: Writable;
  readonly services: ReadonlySet<string> | undefined;
  readonly filter: string;
  /** Index up to which the client knows everything. */
  index: number;
}

/** A client that leaves more than this unread gets nothing more until it has read; then it is brought up to date. */
const MAX_UNREAD_BYTES = 1_048_576;

/** Pushes changes to any number of clients. Changes of one turn of the event loop go out as one event, written once. */
export class ChangeStream {
  readonly #registry: LeaseRegistry;
  readonly #clients = new Set<Client>();
  readonly #unsubscribe: () => void;
  readonly #clock: Clock;
  #cancelComment: CancelTimer | undefined;
  #scheduled = false;
  #closed = false;

  constructor(registry: LeaseRegistry, clock: Clock) {
    this.#registry = registry;
    this.#clock = clock;
    this.#unsubscribe = registry.changes.subscribe(() => this.#schedule());
    this.#comment();
  }

  get clients(): number {
    return this.#clients.size;
  }

  open(output: Writable, { services, lastIndex }: StreamOptions = {}): void {
    const filter = services === undefined ? '' : [...services].sort().join(',');
    const client: Client = { output, services, filter, index: lastIndex ?? -1 };
    this.#clients.add(client);
    output.on('close', () => this.#clients.delete(client));
    output.on('error', () => this.#clients.delete(client));
    output.on('drain', () => this.#bringUpToDate(client, new Map()));
    output.write('retry: 1000\n\n');
    this.#bringUpToDate(client, new Map());
  }

  /** Ends all streams: clients connect again elsewhere or later. */
  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#cancelComment?.();
    for (const { output } of this.#clients) output.end();
    this.#clients.clear();
  }

  #schedule(): void {
    if (this.#scheduled || this.#clients.size === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const written = new Map<string, string>();
      for (const client of this.#clients) this.#bringUpToDate(client, written);
    });
  }

  /** `written` keeps events that other clients in the same position get too. */
  #bringUpToDate(client: Client, written: Map<string, string>): void {
    const { index } = this.#registry.changes;
    if (client.index === index || this.#closed || client.output.writableLength > MAX_UNREAD_BYTES) return;
    const key = `${client.index} ${client.filter}`;
    let text = written.get(key);
    if (text === undefined) {
      const changes = this.#registry.changes.since(client.index);
      text = changes === undefined ? this.#snapshot(client) : this.#changes(client, changes);
      written.set(key, text);
    }
    client.index = index;
    if (text !== '') client.output.write(text);
  }

  #snapshot({ services }: Client): string {
    const { index, startedAt } = this.#registry.changes;
    const leases = [...this.#registry.leases()].filter(({ info }) => services?.has(info.app) !== false);
    return formatEvent(
      'snapshot',
      JSON.stringify({ index, startedAt, instances: leases.map((lease) => viewOf(lease)) }),
      index,
    );
  }

  #changes({ services }: Client, changes: readonly RegistryChange[]): string {
    const { index } = this.#registry.changes;
    const told = changes.filter(({ info }) => services?.has(info.app) !== false);
    if (told.length === 0) return '';
    const list = told.map(({ type, lease, info }) => ({ type, instance: viewOf(lease, info) }));
    return formatEvent('change', JSON.stringify({ index, changes: list }), index);
  }

  #comment(): void {
    this.#cancelComment = this.#clock.schedule(COMMENT_EVERY_MS, () => {
      for (const { output } of this.#clients) {
        if (output.writableLength <= MAX_UNREAD_BYTES) output.write(COMMENT);
      }
      this.#comment();
    });
  }
}
