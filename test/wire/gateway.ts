import {
  connectionChanged,
  DataPlane,
  requestFinished,
  type ConnectionRecord,
  type DownstreamLimits,
  type RequestRecord,
  type ServerIdentity,
} from '#dataplane';
import { RawClient, readAnswers, startFakeOrigin, Watched } from '#testing';
import type { FakeOrigin, FakeOriginOptions, OriginScript, RawAnswer } from '#testing';
import { cluster, endpoint, route, trafficConfig, type Cluster, type Route, type TrafficConfig } from '#traffic';

export interface ServeOptions {
  readonly route?: Partial<Route>;
  readonly cluster?: Partial<Cluster>;
  readonly config?: Partial<TrafficConfig>;
  readonly limits?: Partial<DownstreamLimits>;
  readonly tls?: ServerIdentity;
}

/** A data plane between raw bytes on both sides, fresh for every test of a file. */
export class WireGateway {
  plane = new DataPlane();
  records: RequestRecord[] = [];
  connections: ConnectionRecord[] = [];
  readonly #watched = new Watched();
  readonly #origins: FakeOrigin[] = [];
  readonly #clients: RawClient[] = [];

  /** Registers the hooks; call it once in a spec file. */
  static use(): WireGateway {
    const gateway = new WireGateway();
    const finished = (message: unknown): void => {
      if (isRecord(message)) gateway.records.push(message);
      gateway.#watched.changed();
    };
    const changed = (message: unknown): void => {
      if (isConnection(message)) gateway.connections.push(message);
      gateway.#watched.changed();
    };
    beforeEach(() => {
      gateway.plane = new DataPlane();
      gateway.records = [];
      gateway.connections = [];
      requestFinished.subscribe(finished);
      connectionChanged.subscribe(changed);
    });
    afterEach(async () => {
      requestFinished.unsubscribe(finished);
      connectionChanged.unsubscribe(changed);
      for (const client of gateway.#clients.splice(0)) client.socket.destroy();
      await gateway.plane.close();
      for (const origin of gateway.#origins.splice(0)) await origin.close();
    });
    return gateway;
  }

  async origin(script: OriginScript, options: FakeOriginOptions = {}): Promise<FakeOrigin> {
    const origin = await startFakeOrigin(script, options);
    this.#origins.push(origin);
    return origin;
  }

  /** One route for everything, to one cluster of these local ports; answers the gateway's port. */
  async serve(ports: readonly number[], options: ServeOptions = {}): Promise<number> {
    this.apply(ports, options);
    return this.listen(options);
  }

  /** `/main` to one port with these parts, everything else to the other. */
  async serveTwo(main: number, other: number, parts: Partial<Route>): Promise<number> {
    const at = (id: string, port: number): Cluster =>
      cluster({ id, endpoints: { kind: 'static', endpoints: [endpoint({ host: '127.0.0.1', port })] } });
    this.apply([], {
      config: {
        routes: [
          route({ id: 'main', match: { paths: [{ kind: 'exact', value: '/main' }] }, ...parts }),
          route({ id: 'other' }),
        ],
        clusters: [at('main', main), at('other', other)],
      },
    });
    return this.listen();
  }

  async listen({ limits, tls }: ServeOptions = {}): Promise<number> {
    const listener = await this.plane.listen({
      address: '127.0.0.1',
      port: 0,
      ...(limits && { limits }),
      ...(tls && { tls }),
    });
    return listener.port;
  }

  apply(ports: readonly number[], options: ServeOptions = {}): void {
    const endpoints = ports.map((port) => endpoint({ host: '127.0.0.1', port }));
    const result = this.plane.apply(
      trafficConfig({
        routes: [route({ id: 'all', ...options.route })],
        clusters: [cluster({ id: 'all', endpoints: { kind: 'static', endpoints }, ...options.cluster })],
        ...options.config,
      }),
    );
    const errors = result.problems.filter(({ severity }) => severity === 'error');
    if (!result.accepted || errors.length > 0) throw new Error(JSON.stringify(result.problems));
  }

  async client(port: number): Promise<RawClient> {
    const client = await RawClient.connect(port);
    this.#clients.push(client);
    return client;
  }

  /** Sends the bytes and answers everything that comes back until the gateway ends the connection. */
  async talk(port: number, bytes: string): Promise<string> {
    const client = await this.client(port);
    return client.send(bytes).end();
  }

  /** As `talk`, split into answers. */
  async answers(port: number, bytes: string, methods: readonly string[] = []): Promise<RawAnswer[]> {
    return readAnswers(await this.talk(port, bytes), methods, true);
  }

  outcomes(): string[] {
    return this.records.map(({ outcome }) => outcome);
  }

  /** Waits until so many requests have ended. */
  async recorded(count: number): Promise<RequestRecord[]> {
    await this.until(() => this.records.length >= count);
    return this.records;
  }

  /** Waits for a state of the data plane, whether an event tells of it or not. */
  async until(condition: () => boolean): Promise<void> {
    const poll = setInterval(() => this.#watched.changed(), 5);
    try {
      await this.#watched.until(condition, () =>
        JSON.stringify({ outcomes: this.outcomes(), events: this.connections }),
      );
    } finally {
      clearInterval(poll);
    }
  }
}

function isRecord(message: unknown): message is RequestRecord {
  return typeof message === 'object' && message !== null && 'outcome' in message;
}

function isConnection(message: unknown): message is ConnectionRecord {
  return typeof message === 'object' && message !== null && 'side' in message;
}

/** A request head; `more` are header lines, each with its CRLF. */
export function head(method: string, target: string, more = ''): string {
  return `${method} ${target} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
}

/** A request that ends its connection. */
export function last(method: string, target: string, more = ''): string {
  return head(method, target, `Connection: close\r\n${more}`);
}

/** An answer with a length. */
export function sized(body: string, more = '', status = '200 OK'): string {
  return `HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(body, 'latin1')}\r\n${more}\r\n${body}`;
}

/** Answers every request without a body with its own path. */
export const echoPath: OriginScript = (received, socket) => {
  if (!received.endsWith('\r\n\r\n')) return;
  socket.write(sized(/.*[A-Z]+ (\S+) HTTP/s.exec(received)?.[1] ?? ''));
};
