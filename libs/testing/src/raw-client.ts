import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { Watched } from './watched.ts';

/** A client of raw bytes (latin1): it may pipeline, stall, half-close or break off. */
export class RawClient {
  readonly socket: Socket;
  readonly #watched = new Watched();
  #received = '';
  #ended = false;
  #closed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes: Buffer) => {
      this.#received += bytes.toString('latin1');
      this.#watched.changed();
    });
    socket.on('end', () => {
      this.#ended = true;
      this.#watched.changed();
    });
    socket.on('close', () => {
      this.#closed = true;
      this.#watched.changed();
    });
    socket.on('error', () => undefined);
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  static async connectTls(
    port: number,
    options: ConnectionOptions,
  ): Promise<RawClient & { readonly socket: TLSSocket }> {
    const socket = connectTls({ ...options, port, host: '127.0.0.1' });
    await once(socket, 'secureConnect');
    return Object.assign(new RawClient(socket), { socket });
  }

  /** Everything that came. */
  get received(): string {
    return this.#received;
  }

  get ended(): boolean {
    return this.#ended;
  }

  send(bytes: string | Uint8Array): this {
    if (typeof bytes === 'string') this.socket.write(bytes, 'latin1');
    else this.socket.write(bytes);
    return this;
  }

  /** Waits until what came holds the text or matches the pattern. */
  async until(wanted: string | RegExp): Promise<string> {
    const holds = (): boolean =>
      typeof wanted === 'string' ? this.#received.includes(wanted) : wanted.test(this.#received);
    await this.#watched.until(
      () => holds() || this.#ended || this.#closed,
      () => `${String(wanted)} in ${JSON.stringify(this.#received.slice(-1_000))}`,
    );
    if (!holds()) throw new Error(`${String(wanted)} never came: ${JSON.stringify(this.#received.slice(-1_000))}`);
    return this.#received;
  }

  /** Waits until the other side has ended the connection, and answers everything that came. */
  async end(): Promise<string> {
    await this.#watched.until(
      () => this.#ended || this.#closed,
      () => `end after ${JSON.stringify(this.#received.slice(-1_000))}`,
    );
    this.socket.destroy();
    return this.#received;
  }
}
