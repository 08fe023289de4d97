import { DataPlane, explainRequest, type AskedRequest, type RequestExplanation } from '#dataplane';
import { readAnswers, RawClient, startFakeOrigin, type FakeOrigin, type RawAnswer } from '#testing';
import { servablePart, type TrafficConfig } from '#traffic';

/** What a data plane really did with a request, in the words of an explanation. */
export interface Sent {
  readonly answer: RawAnswer;
  /** Request line and header lines; undefined when the upstream saw nothing. */
  readonly upstream: { readonly target: string; readonly lines: readonly (readonly [string, string])[] } | undefined;
  readonly explanation: RequestExplanation;
}

/** Written by the codec for its own hop, or drawn at random. */
const OWN = /^(?:traceparent|content-length|transfer-encoding|connection|upgrade)$/i;

/** Upstreams that answer 200 at once, whatever they are sent. */
export class Upstreams {
  readonly #origins: FakeOrigin[] = [];

  /** Ports of so many upstreams. */
  async start(count: number): Promise<readonly number[]> {
    for (let made = 0; made < count; made++) {
      const origin = await startFakeOrigin((received, socket) => {
        if (received.includes('\r\n\r\n'))
          socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      });
      this.#origins.push(origin);
    }
    return this.#origins.map(({ port }) => port);
  }

  async close(): Promise<void> {
    for (const origin of this.#origins) await origin.close();
  }

  /** Sends a request through a data plane of its own. */
  async send(config: TrafficConfig, asked: AskedRequest, body = ''): Promise<Sent> {
    const before = this.#origins.map(({ connections }) => connections.length);
    const plane = new DataPlane();
    try {
      plane.apply(config);
      const { port } = await plane.listen({ address: '127.0.0.1', port: 0 });
      const named = asked.headers.some(([name]) => name.toLowerCase() === 'host');
      // The host that an explanation takes for one that is not told.
      const headers = named ? asked.headers : [['Host', 'localhost:8080'] as const, ...asked.headers];
      const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      const client = await RawClient.connect(port);
      client.send(`${asked.method} ${asked.url} HTTP/1.1\r\n${lines}Connection: close\r\n\r\n${body}`);
      const [answer] = readAnswers(await client.end(), [asked.method]);
      if (!answer) throw new Error('there is no answer');
      const [head] = this.#origins.flatMap(({ connections }, index) => connections.slice(before[index]));
      return { answer, upstream: head === undefined ? undefined : read(head), explanation: explain(config, asked) };
    } finally {
      await plane.close();
    }
  }
}

function explain(config: TrafficConfig, asked: AskedRequest): RequestExplanation {
  const headers = [...asked.headers, ['Connection', 'close'] as const];
  let explanation = explainRequest(servablePart(config), { ...asked, headers });
  while (explanation.forwarded) explanation = explanation.forwarded;
  return explanation;
}

function read(bytes: string): NonNullable<Sent['upstream']> {
  const [first = '', ...lines] = (bytes.split('\r\n\r\n')[0] ?? '').split('\r\n');
  const target = first.split(' ')[1] ?? '';
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return { target, lines: pairs.filter(([name]) => !OWN.test(name)) };
}

/** Fails unless what was sent is what the explanation says. */
export function expectAsExplained({ answer, upstream, explanation }: Sent): void {
  const { sent, answer: own, route } = explanation;
  if (sent === undefined) {
    expect(upstream).toBeUndefined();
    expect(answer.status).toBe(route === undefined ? 404 : own?.status);
    return;
  }
  expect(upstream?.target).toBe(sent.uri.replace(/^https?:\/\/[^/?]+/, ''));
  // Which of several instances gets the request is decided when it is sent.
  const several = route?.target.includes(',') === true;
  const compared = (lines: readonly (readonly [string, string])[] = []) =>
    lines.filter(([name]) => !OWN.test(name) && !(several && name === 'Host'));
  expect(compared(upstream?.lines)).toEqual(compared(sent.headers));
}
