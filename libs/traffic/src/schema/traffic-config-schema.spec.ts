import { Ajv2020 } from 'ajv/dist/2020.js';
import { breakerPolicy, cluster, endpoint, outlierPolicy, retryPolicy, route, trafficConfig } from '../builders.ts';
import type { Filter } from '../filter.ts';
import { trafficConfigSchema } from './traffic-config-schema.ts';

const validate = new Ajv2020({ strict: true, allErrors: true }).compile(trafficConfigSchema);

const FILTERS: readonly Filter[] = [
  { kind: 'add-header', on: 'request', name: 'X', value: '{a}', variables: true, moreValues: ['b'], ifAbsent: true },
  { kind: 'set-header', on: 'response', name: 'X', value: '' },
  { kind: 'remove-header', on: 'request', names: ['Cookie'] },
  { kind: 'copy-header', on: 'request', from: 'A', to: 'B' },
  { kind: 'rewrite-header', on: 'response', name: 'X', regex: 'a', replacement: '$0' },
  { kind: 'dedupe-header', on: 'response', names: ['X'], keep: 'unique' },
  { kind: 'rewrite-location', header: 'Location', stripVersion: 'as-in-request', protocols: 'https?' },
  { kind: 'secure-headers', headers: { 'X-Frame-Options': 'DENY' } },
  { kind: 'strip-segments', count: 1 },
  { kind: 'strip-prefix', prefix: '/a' },
  { kind: 'prefix-path', prefix: '/a', once: true },
  { kind: 'set-path', path: '/{a}', variables: true },
  { kind: 'rewrite-path', regex: 'a', replacement: 'b' },
  { kind: 'add-query', name: 'a', value: 'b' },
  { kind: 'remove-query', name: 'a' },
  { kind: 'rewrite-query', name: 'a', value: 'b' },
  { kind: 'set-host', host: 'a' },
  { kind: 'preserve-host' },
  { kind: 'set-uri', uri: 'http://a/' },
  { kind: 'uri-from-header', header: 'X' },
  { kind: 'prefix-header', prefix: '/a' },
  { kind: 'request-size', maxBytes: 5 },
  { kind: 'request-header-size', maxBytes: 5, errorHeader: 'e' },
  {
    kind: 'rate-limit',
    limit: {
      replenishRate: 0.5,
      burstCapacity: 1,
      requestedTokens: 1,
      key: { kind: 'header', name: 'X' },
      status: 429,
      emptyKey: 'allow',
      emptyKeyStatus: 403,
      headers: true,
    },
  },
  { kind: 'redirect', status: 302, location: '/', includeQuery: true },
  { kind: 'respond', status: 200, headers: { A: 'b' }, body: '' },
  { kind: 'set-status', status: 299, originalStatusHeader: 'X' },
];

const FULL = trafficConfig({
  routes: [
    route({
      id: 'all',
      match: {
        hosts: [{ value: '*.a', includePort: true, caseSensitive: true }],
        paths: [{ kind: 'pattern', value: '/{a}', ignoreCase: true, trailingSlash: true }],
        methods: ['GET'],
        headers: [{ name: 'X', match: { kind: 'present' }, invert: true, splitCommas: true }],
        query: [{ name: 'q', match: { kind: 'exact', value: '', ignoreCase: true } }],
        cookies: [{ name: 'c', match: { kind: 'regex', value: '' } }],
        remoteAddresses: { cidrs: ['::1'], source: 'client' },
        time: { after: 1, before: 2 },
        weight: { group: 'g', weight: 0.5 },
        pathView: 'normalized',
        exceptPaths: [{ kind: 'ant', value: '/x/**' }],
      },
      filters: FILTERS,
      timeouts: { responseMs: 1, totalMs: 2, idleMs: 3 },
      retry: retryPolicy({ perTryTimeoutMs: 1, backoff: { firstMs: 1, maxMs: 2, factor: 2, jitter: 0.5 } }),
      breaker: breakerPolicy({ name: 'b', fallbackPath: '/f', window: { kind: 'time', ms: 1 } }),
      metadata: { team: 'red', n: [1, { x: null }] },
      location: { file: 'f', line: 1, column: 1 },
      dialect: 'zuul',
    }),
    route({ id: 'internal', action: { kind: 'internal', path: '/a' } }),
    route({ id: 'respond', action: { kind: 'respond', status: 404, body: '' } }),
    route({ id: 'forward', action: { kind: 'forward', cluster: 'c', basePath: '/b', mergeSlashes: true } }),
  ],
  clusters: [
    cluster({ id: 'discovered', outlier: outlierPolicy(), location: { file: 'f' } }),
    cluster({
      id: 'static',
      endpoints: { kind: 'static', endpoints: [endpoint({ host: 'a', port: 80, secure: true, zone: 'z' })] },
      tls: { serverName: 'a', caPem: 'a', certPem: 'a', keyPem: 'a', verify: true },
    }),
  ],
  problems: [{ severity: 'error', code: 'c', message: 'm', remedy: 'r', subject: 's', location: { file: 'f' } }],
});

/** A copy of the full configuration with the value at a JSON pointer replaced, or removed when undefined. */
function changed(pointer: string, value: unknown): unknown {
  const copy: unknown = structuredClone(FULL);
  const keys = pointer.split('/').slice(1);
  const last = keys.pop() ?? '';
  let parent = copy;
  for (const key of keys) parent = Reflect.get(Object(parent), key);
  if (value === undefined) Reflect.deleteProperty(Object(parent), last);
  else Reflect.set(Object(parent), last, value);
  return copy;
}

describe('trafficConfigSchema', () => {
  it('accepts what the builders build', () => {
    validate(FULL);
    expect(validate.errors).toBeNull();
    expect(validate(trafficConfig())).toBe(true);
  });

  it.each<[string, unknown]>([
    ['/version', undefined],
    ['/version', ''],
    ['/unknown', 1],
    ['/routes', {}],
    ['/routes/0/id', 7],
    ['/routes/0/match', undefined],
    ['/routes/0/match/host', []],
    ['/routes/0/match/paths/0/kind', 'glob'],
    ['/routes/0/match/paths/0/value', undefined],
    ['/routes/0/match/headers/0/match', { kind: 'suffix', value: 'x' }],
    ['/routes/0/match/headers/0/match', { kind: 'exact' }],
    ['/routes/0/match/weight/weight', -1],
    ['/routes/0/match/remoteAddresses/source', 'proxy'],
    ['/routes/0/filters/0/kind', 'add-headers'],
    ['/routes/0/filters/0/on', 'both'],
    ['/routes/0/filters/8/count', 1.5],
    ['/routes/0/filters/23/limit/key', { kind: 'header' }],
    ['/routes/0/action', { kind: 'forward' }],
    ['/routes/0/action', { kind: 'drop' }],
    ['/routes/0/retry/on/0', 'sometimes'],
    ['/routes/0/retry/budget', undefined],
    ['/routes/0/breaker/window', { kind: 'count', ms: 1 }],
    ['/routes/0/timeouts/responseMs', '5s'],
    ['/clusters/0/balancing', 'fastest'],
    ['/clusters/0/protocol', 'http3'],
    ['/clusters/0/endpoints/service', undefined],
    ['/clusters/1/endpoints/endpoints/0/port', '80'],
    ['/clusters/1/tls/verify', undefined],
    ['/clusters/0/connectTimeoutMs', -1],
    ['/forwarding/trustedProxies', '10.0.0.0/8'],
    ['/forwarding/xForwarded/for', undefined],
    ['/problems/0/severity', 'fatal'],
  ])('refuses %s = %j', (pointer, value) => {
    expect(validate(changed(pointer, value))).toBe(false);
  });

  it('knows every filter of the model', () => {
    const kinds = FILTERS.map(({ kind }) => kind);
    const [, ...known] = JSON.stringify(trafficConfigSchema).split('"add-header"');
    expect(known).toHaveLength(1);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(kinds).toHaveLength(27);
  });
});
