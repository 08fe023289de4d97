import { connect, type ClientHttp2Session, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { DataPlane, requestFinished, type ListenerOptions, type PlaneListener, type RequestRecord } from '#dataplane';
import { cluster, endpoint, route, trafficConfig, type Route } from '#traffic';
import { startFakeOrigin, type FakeOrigin, type OriginScript } from './fake-origin.ts';

/** A data plane before one server of raw bytes, and what it told about its requests. */
export class PlaneFixture {
  readonly plane = new DataPlane();
  readonly records: RequestRecord[] = [];
  readonly #closers: (() => Promise<void> | void)[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #record = (message: unknown): void => {
    if (isRecord(message)) this.records.push(message);
    for (const look of this.#waiting) look();
  };

  constructor() {
    requestFinished.subscribe(this.#record);
  }

  /** Every request goes to `origin`; `parts` are of the one route. */
  async serve(
    script: OriginScript,
    options: Partial<ListenerOptions> = {},
    parts: Partial<Route> = {},
  ): Promise<{ readonly listener: PlaneListener; readonly origin: FakeOrigin }> {
    const origin = await startFakeOrigin(script);
    this.later(() => origin.close());
    this.routeTo(origin.port, parts);
    return { listener: await this.plane.listen({ address: '127.0.0.1', port: 0, ...options }), origin };
  }

  routeTo(port: number, parts: Partial<Route> = {}): void {
    const endpoints = [endpoint({ host: '127.0.0.1', port })];
    this.plane.apply(
      trafficConfig({
        routes: [route({ id: 'all', ...parts })],
        clusters: [cluster({ id: 'all', maxConnections: 2_000, endpoints: { kind: 'static', endpoints } })],
      }),
    );
  }

  /** A client that speaks HTTP/2 with prior knowledge, or what `url` says. */
  http2(listener: PlaneListener): ClientHttp2Session {
    const session = connect(`http://127.0.0.1:${listener.port}`);
    session.on('error', () => undefined);
    this.later(() => session.destroy());
    return session;
  }

  /** Waits until as many requests have ended. */
  ended(count: number): Promise<readonly RequestRecord[]> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.records.length < count) return;
        this.#waiting.delete(look);
        resolve(this.records);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Looks once in every turn of the event loop. */
  async until(reached: () => boolean): Promise<void> {
    while (!reached()) await new Promise((resolve) => void setImmediate(resolve));
  }

  later(close: () => Promise<void> | void): void {
    this.#closers.push(close);
  }

  async close(): Promise<void> {
    requestFinished.unsubscribe(this.#record);
    for (const close of this.#closers.toReversed()) await close();
    await this.plane.close();
  }
}

function isRecord(message: unknown): message is RequestRecord {
  return typeof message === 'object' && message !== null && 'outcome' in message;
}

/** All that an HTTP/2 stream brought back. */
export interface Http2Answer {
  /** NaN when no answer came. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Fields in the order in which they came. */
  readonly raw: readonly string[];
  readonly body: string;
  readonly trailers: IncomingHttpHeaders | undefined;
  readonly interim: readonly IncomingHttpHeaders[];
  /** Code of RST_STREAM; 0 when the stream ended well. */
  readonly code: number | undefined;
}

export async function ask(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body?: string,
): Promise<Http2Answer> {
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  return answerOf(stream);
}

export async function answerOf(stream: ReturnType<ClientHttp2Session['request']>): Promise<Http2Answer> {
  let body = '';
  let head: IncomingHttpHeaders = {};
  let raw: readonly string[] = [];
  let trailers: IncomingHttpHeaders | undefined;
  const interim: IncomingHttpHeaders[] = [];
  stream.on('error', () => undefined);
  stream.on('headers', (fields: IncomingHttpHeaders) => interim.push(fields));
  stream.on('response', (fields, _flags, list) => {
    head = fields;
    raw = list;
  });
  stream.on('trailers', (fields: IncomingHttpHeaders) => (trailers = fields));
  stream.on('data', (piece: Buffer) => (body += piece.toString('latin1')));
  // Not `once`, which would take the reset of a stream for a failure.
  await new Promise((resolve) => stream.on('close', resolve));
  const status = Number(head[':status']);
  return { status, headers: head, raw, body, trailers, interim, code: stream.rstCode };
}

/** Answers each request whose head is complete with `text`. */
export function answering(text: string): OriginScript {
  return (received: string, socket: Socket) => {
    if (received.endsWith('\r\n\r\n')) socket.write(text, 'latin1');
  };
}
