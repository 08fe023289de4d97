import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Property } from '#config';
import { explainRequest, type AskedRequest } from '#dataplane';
import { servablePart, type TrafficConfig } from '#traffic';
import { trafficOf } from '../../apps/cardea/src/config-repo/traffic.ts';
import { expectAsExplained, Upstreams } from './sent.ts';

type Lines = Readonly<Record<string, string | string[]>>;

/** One exchange with Spring Cloud Netflix Zuul (Hoxton.SR12), with what its upstreams received. */
interface ZuulCapture {
  readonly id: string;
  readonly note: string;
  readonly config: Readonly<Record<string, string | number | boolean>>;
  readonly request: { readonly method: string; readonly path: string; readonly headers: Lines };
  readonly response: { readonly status: number };
  readonly upstream: readonly { readonly service: string; readonly rawTarget: string; readonly headers: Lines }[];
}

const ADDRESSES: Readonly<Record<string, string>> = {
  '{U1}': '127.0.0.1:29101',
  '{U2}': '127.0.0.1:29102',
  '{U3}': '127.0.0.1:29103',
  '{CLOSED}': '127.0.0.1:9',
};

/** Where we send something else than the reference, and what. Queries and paths go on as they came. */
const CHOSEN: Readonly<Record<string, string | undefined>> = {
  // Refused by the reference, or its container.
  'zuul-enc-slash': '/a%2Fb%20c',
  'zuul-path-h-25': '/%25',
  // A handler of the reference's own application; the path is matched again here.
  'zuul-forward-local': '/3rd/foo',
  'zuul-enc-slash-h': '/a%2Fb%20c',
  'zuul-enc-semicolon': '/a;v=1/b;w=2',
  'zuul-query-users-0': '/q?q=%2Btest&x=a%20b&a=&wsdl',
  'zuul-query-h-0': '/q?q=%2Btest&x=a%20b&a=&wsdl',
  'zuul-query-users-1': '/q?a=1&b=2&a=3',
  'zuul-query-h-4': '/q?a=http%3A%2F%2Fx%2F',
  'zuul-query-force-users': '/q?q=%2Btest&x=a%20b&a=&wsdl',
  'zuul-path-h-a': '/./a',
  // The reference loses the route, because of the variable in its path.
  'zuul-strip-t-5-x': '/x',
  // A mapper from services to paths is Java code there; the service is routed under its own name alone.
  'zuul-mapper': undefined,
};

/** Written by the data plane or the reference's HTTP client, whatever the routes say. */
const FRAMING =
  /^(x-forwarded-(for|host|port|proto)|accept-encoding|content-length|content-type|transfer-encoding|user-agent)$/;
/** What the reference leaks of a connection (zuul.md section 7), and its own test filters. */
const LEAKED = /^(keep-alive|te|trailer|upgrade|proxy-.*|x-hop)$/;

/** Decided by the actuator, the state of servers and circuits, or filters written in Java. */
const ELSEWHERE = [
  'zuul-routes-details',
  'zuul-routes-format-query',
  'zuul-routes-other-format',
  'zuul-routes-post',
  'zuul-filters',
  'zuul-auto-details',
  'zuul-enc-dots',
  'zuul-no-route-local',
  'zuul-filter-header-users',
  'zuul-no-instance-default',
  'zuul-no-instance',
  'zuul-refused-url',
  'zuul-refused-service',
  'zuul-refused-retryable',
  'zuul-fallback',
  'zuul-short-circuit',
  'zuul-rejected-semaphore',
  'zuul-rejected-thread-shared',
  'zuul-catch-all-refused',
  'zuul-throw-pre-runtime',
  'zuul-filter-short-circuit',
];

const captures: readonly ZuulCapture[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'captures/zuul.json'), 'utf8'),
);
const decided = captures.filter(
  ({ id, upstream, response }) =>
    !ELSEWHERE.includes(id) && (upstream.length > 0 || response.status === 404 || id in CHOSEN),
);

function fill(text: string, addresses = ADDRESSES): string {
  return text.replaceAll(/\{[A-Z]+\d?\}/g, (name) => addresses[name] ?? name);
}

function configOf({ config }: ZuulCapture, addresses = ADDRESSES): TrafficConfig {
  const properties = new Map<string, Property>();
  for (const [key, value] of Object.entries({ ...config, 'ribbon.eureka.enabled': false }))
    properties.set(key, { value: typeof value === 'string' ? fill(value, addresses) : value });
  const services = Object.keys(config).flatMap((key) => /simple\.instances\.([^[]+)\[/.exec(key)?.[1] ?? []);
  return trafficOf([{ name: 'zuul', properties }], services);
}

function askedOf({ request }: ZuulCapture): AskedRequest {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, each]),
  );
  return { method: request.method, url: request.path, headers, peerAddress: '127.0.0.1' };
}

function comparable(headers: readonly (readonly [string, string | string[]])[]): Record<string, string[]> {
  const map: Record<string, string[]> = {};
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (!FRAMING.test(lower) && !LEAKED.test(lower))
      map[lower] = [...(map[lower] ?? []), ...[value].flat().map((each) => fill(each))];
  }
  return map;
}

describe('Zuul, as recorded: what a configuration makes of each request', () => {
  it.each(decided.map((capture) => [capture.id, capture.note, capture] as const))('%s %s', (id, _note, capture) => {
    const { sent, route, forwarded } = explainRequest(servablePart(configOf(capture)), askedOf(capture));
    const path = forwarded?.path ?? sent?.uri.replace(/^http:\/\/[^/]+/, '');
    if (id in CHOSEN) return expect(path).toBe(CHOSEN[id]);
    const [upstream] = capture.upstream;
    if (upstream === undefined) return expect(route).toBeUndefined();
    expect(path).toBe(upstream.rawTarget);
    // Which of several servers gets the request is decided when it is sent.
    expect(route?.target).toContain(ADDRESSES[`{${upstream.service}}`]);
    const { host, ...theirs } = comparable(Object.entries(upstream.headers));
    const { host: own, ...ours } = comparable(sent?.headers ?? []);
    expect(ours).toEqual(theirs);
    if (route?.target.includes(',') !== true) expect(own).toEqual(host);
    return undefined;
  });

  it('leaves out only what the configuration does not decide', () => {
    expect(captures).toHaveLength(99);
    expect(captures.filter((capture) => !decided.includes(capture)).map(({ id }) => id)).toEqual(ELSEWHERE);
  });
});

describe('Zuul, as recorded: the data plane', () => {
  const upstreams = new Upstreams();
  let addresses = ADDRESSES;
  beforeAll(async () => {
    const ports = await upstreams.start(3);
    addresses = {
      ...ADDRESSES,
      ...Object.fromEntries(ports.map((port, index) => [`{U${index + 1}}`, `127.0.0.1:${port}`])),
    };
  });
  afterAll(() => upstreams.close());

  it.each(decided.map((capture) => [capture.id, capture.note, capture] as const))(
    'sends what is explained: %s %s',
    async (_id, _note, capture) => {
      expectAsExplained(await upstreams.send(configOf(capture, addresses), askedOf(capture)));
    },
  );
});
