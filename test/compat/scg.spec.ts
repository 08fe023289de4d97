import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isActive, parseYamlDocuments } from '#config';
import { explainRequest, type AskedRequest, type RequestExplanation } from '#dataplane';
import type { TrafficConfig } from '#traffic';
import { servablePart } from '#traffic';
import { trafficOf } from '../../apps/cardea/src/config-repo/traffic.ts';
import { expectAsExplained, Upstreams } from './sent.ts';

/** One exchange with Spring Cloud Gateway 5.0.3, with what its upstreams received. */
interface GatewayCapture {
  readonly id: string;
  readonly note: string;
  readonly profile?: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string | string[]>>;
    readonly body?: string;
  };
  readonly response: { readonly status: number; readonly headers: Readonly<Record<string, string | string[]>> };
  readonly upstream: readonly {
    readonly upstream: 'up1' | 'up2';
    readonly rawTarget: string;
    readonly headers: Readonly<Record<string, string | string[]>>;
  }[];
}

const UPSTREAMS: Readonly<Record<'up1' | 'up2', string>> = {
  up1: 'http://127.0.0.1:9001',
  up2: 'http://127.0.0.1:9002',
};
/** What the reference's Redis limiter counts by, in our words, and its way with X-Forwarded-*. */
const OURS = `
spring.config.activate.on-profile: base
cardea.gateway:
  key-resolvers.constKeyResolver: constant:k
  forwarded-headers: reference
`;

/** Exchanges whose answer the configuration alone does not decide: retries, time, sockets, the actuator. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'sc-p25-2': 'the second request of a limiter',
  'sc-p26': 'discovery has no instance',
  'sc-p27': 'nobody listens there',
  'sc-p39': 'a handler inside the gateway',
};

/** Where we differ on purpose, and what we do. */
const CHOSEN: Readonly<Record<string, (explanation: RequestExplanation) => void>> = {
  // Cutting attributes out of bodies is not supported: the route is disabled rather than leaking them.
  'sc-p17-1': ({ route }) => expect(route).toBeUndefined(),
  'sc-p17-2': ({ route }) => expect(route).toBeUndefined(),
  // The query goes on as it came; the reference encodes `%5B` again because of the bracket beside it.
  'sc-p43-4': ({ sent }) => expect(sent?.uri).toBe(`${UPSTREAMS.up1}/p43/x?a[0]=1&b=%5B`),
  // Both prefixes are read.
  'sc-o1': ({ route }) => expect(route).toBeUndefined(),
};

const folder = join(import.meta.dirname, 'captures');
const captures: readonly GatewayCapture[] = JSON.parse(readFileSync(join(folder, 'scg.json'), 'utf8'));
const routed = captures.filter(
  ({ id, profile }) => ['base', 'defaults', 'oldprefix'].includes(profile ?? '') && !/^sc-(act|met)-/.test(id),
);
const replayed = routed.filter(({ id }) => !(id in ELSEWHERE));

function configFor(profile: string, upstreams = UPSTREAMS): TrafficConfig {
  const yaml = readFileSync(join(folder, 'scg.yml'), 'utf8')
    .replaceAll('${UP1}', upstreams.up1)
    .replaceAll('${UP2}', upstreams.up2)
    .replaceAll(UPSTREAMS.up2, upstreams.up2);
  const { documents } = parseYamlDocuments(`${yaml}\n---\n${OURS}`, 'scg.yml');
  const active = new Set(['base', profile]);
  return trafficOf(documents.filter((document) => isActive(document, active)).toReversed(), []);
}

function multiMap(headers: Readonly<Record<string, string | string[]>>): Record<string, string[]> {
  const map: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(headers))
    map[name.toLowerCase()] = [value].flat().map((each) => each.replace('${UP2}', UPSTREAMS.up2));
  return map;
}

function askedOf({ request }: GatewayCapture, { up2 }: typeof UPSTREAMS): AskedRequest {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, each.replace('${UP2}', up2)]),
  );
  const sized = request.body !== undefined && !('Transfer-Encoding' in request.headers);
  const length = sized ? [['Content-Length', String(Buffer.byteLength(request.body))] as const] : [];
  return { method: request.method, url: request.path, headers: [...headers, ...length], peerAddress: '127.0.0.1' };
}

function sentHeaders(explanation: RequestExplanation): Record<string, string[]> {
  const map: Record<string, string[]> = {};
  for (const [name, value] of explanation.sent?.headers ?? []) (map[name.toLowerCase()] ??= []).push(value);
  return map;
}

describe('Spring Cloud Gateway, as recorded: what the routes of scg.yml make of each request', () => {
  const configs = new Map(['base', 'defaults', 'oldprefix'].map((profile) => [profile, configFor(profile)]));

  it.each(replayed.map((capture) => [capture.id, capture.note, capture] as const))('%s %s', (id, _note, capture) => {
    const config = configs.get(capture.profile ?? '');
    if (config === undefined) throw new Error('no such profile');
    const explanation = explainRequest(servablePart(config), askedOf(capture, UPSTREAMS));
    const chosen = CHOSEN[id];
    if (chosen !== undefined) return chosen(explanation);

    const [upstream] = capture.upstream;
    if (upstream === undefined) {
      if (capture.response.status === 404) return expect(explanation.route).toBeUndefined();
      expect(explanation.answer?.status).toBe(capture.response.status);
      expect(
        Object.fromEntries(explanation.answer?.headers.map(([name, value]) => [name.toLowerCase(), value]) ?? []),
      ).toMatchObject(
        Object.fromEntries(
          Object.entries(capture.response.headers).filter(([name]) => ['location', 'errormessage'].includes(name)),
        ),
      );
      return undefined;
    }
    expect(explanation.sent?.uri).toBe(UPSTREAMS[upstream.upstream] + upstream.rawTarget);
    const {
      'content-length': _length,
      'x-up': _script,
      'transfer-encoding': _framing,
      connection: _connection,
      ...ours
    } = sentHeaders(explanation);
    const { 'content-length': _length2, 'transfer-encoding': _framing2, ...theirs } = multiMap(upstream.headers);
    expect(ours).toEqual(theirs);
    return undefined;
  });

  it.each(Object.entries(ELSEWHERE))('%s is not decided here: %s', (id) => {
    expect(routed.map((capture) => capture.id)).toContain(id);
  });

  it('starts with the routes that can be expressed, and says why the others cannot', () => {
    const config = configFor('base');
    expect(config.problems.map(({ code, subject, severity }) => `${severity} ${code} ${subject ?? ''}`)).toEqual([
      'error unsupported p17',
      'warning unsupported p22',
      'warning unknown-variable p38',
    ]);
    expect(config.routes).toHaveLength(44);
  });

  it.each([
    ['Nope=1', 'predicates', 'unknown-predicate'],
    ['Path', 'predicates', 'missing-argument'],
    ['"Between=2020-01-02T00:00:00Z,2020-01-01T00:00:00Z"', 'predicates', 'invalid-value'],
    ['Nope=1', 'filters', 'unknown-filter'],
  ])('a route with %s among its %s is disabled where the reference does not start', (text, list, code) => {
    const yaml = `spring.cloud.gateway.server.webflux.routes:\n- {id: a, uri: "http://h", ${list}: [${text}]}\n`;
    const { documents } = parseYamlDocuments(yaml, 'a.yml');
    const config = trafficOf(documents, []);
    expect(config.routes).toEqual([]);
    expect(config.problems).toMatchObject([{ code, subject: 'a', location: { file: 'a.yml', line: 2 } }]);
  });
});

describe('Spring Cloud Gateway, as recorded: the data plane', () => {
  const upstreams = new Upstreams();
  const configs = new Map<string, TrafficConfig>();
  let addresses = UPSTREAMS;
  beforeAll(async () => {
    const [up1 = 0, up2 = 0] = await upstreams.start(2);
    addresses = { up1: `http://127.0.0.1:${up1}`, up2: `http://127.0.0.1:${up2}` };
    for (const profile of ['base', 'defaults', 'oldprefix']) configs.set(profile, configFor(profile, addresses));
  });
  afterAll(() => upstreams.close());

  it.each(replayed.map((capture) => [capture.id, capture.note, capture] as const))(
    'sends what is explained: %s %s',
    async (_id, _note, capture) => {
      const config = configs.get(capture.profile ?? '');
      if (config === undefined) throw new Error('no such profile');
      const { body = '', headers } = capture.request;
      const bytes = 'Transfer-Encoding' in headers ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body;
      expectAsExplained(await upstreams.send(config, askedOf(capture, addresses), bytes));
    },
  );
});
