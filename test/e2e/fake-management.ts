import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** An instance as the registry's stream shows it. */
export interface InstanceView {
  readonly id: string;
  readonly service: string;
  readonly [field: string]: unknown;
}

/** Answers a request for a file of the UI. */
export type Site = (request: IncomingMessage) => {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
};

/** A management port whose every answer a test decides: documents are fields, streams are sent to by hand. */
export class FakeManagement {
  health: object = { status: 'UP', components: { gateway: { status: 'UP' }, registry: { status: 'UP' } } };
  routes: object = { version: 1, routes: [], problems: [] };
  services: object = { services: [] };
  instances: readonly InstanceView[] = [];
  /** While set, streams are refused as by a server that is restarting. */
  refusing = false;
  readonly #site: Site;
  readonly #server: Server;
  readonly #live = new Set<ServerResponse>();
  readonly #registry = new Set<ServerResponse>();
  readonly #changed = new EventEmitter();
  #index = 1;

  private constructor(site: Site) {
    this.#site = site;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(site: Site): Promise<FakeManagement> {
    const fake = new FakeManagement(site);
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the server does not listen');
    return `http://127.0.0.1:${address.port}/`;
  }

  /** Resolves when so many streams of both kinds are open. */
  async streams(open: number): Promise<void> {
    while (this.#live.size + this.#registry.size !== open) await once(this.#changed, 'streams');
  }

  sendSecond(second: object): void {
    for (const stream of this.#live) send(stream, 'second', second);
  }

  sendChanges(...changes: readonly { readonly type: string; readonly instance: InstanceView }[]): void {
    this.#index += 1;
    for (const stream of this.#registry) send(stream, 'change', { index: this.#index, changes });
  }

  /** Breaks every stream, as a dying server does. */
  dropStreams(): void {
    for (const stream of [...this.#live, ...this.#registry]) stream.destroy();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const documents: Readonly<Record<string, object>> = {
      '/actuator/health': this.health,
      '/api/v1/gateway/routes': this.routes,
      '/registry/api/v1/services': this.services,
    };
    const path = new URL(request.url ?? '/', 'http://management').pathname;
    const document = documents[path] ?? this.#service(path);
    if (document) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
    } else if (path === '/api/v1/gateway/live') {
      this.#open(response, this.#live);
    } else if (path === '/registry/api/v1/stream') {
      if (this.#open(response, this.#registry)) {
        send(response, 'snapshot', { index: this.#index, instances: this.instances });
      }
    } else {
      const { status, headers, body } = this.#site(request);
      response.writeHead(status, headers).end(body);
    }
  }

  #service(path: string): object | undefined {
    const [, service, id] = /^\/registry\/api\/v1\/services\/([^/]+)(?:\/instances\/([^/]+))?$/.exec(path) ?? [];
    if (service === undefined) return undefined;
    const instances = this.instances.filter((instance) => instance.service === service);
    return id === undefined ? { name: service, instances } : instances.find((instance) => instance.id === id);
  }

  #open(response: ServerResponse, streams: Set<ServerResponse>): boolean {
    if (this.refusing) {
      response.writeHead(503).end();
      return false;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    streams.add(response);
    this.#changed.emit('streams');
    response.on('close', () => {
      streams.delete(response);
      this.#changed.emit('streams');
    });
    return true;
  }
}

function send(stream: ServerResponse, event: string, data: object): void {
  stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
