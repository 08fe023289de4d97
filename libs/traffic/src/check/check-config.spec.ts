import type { Problem } from '#kernel';
import { breakerPolicy, cluster, endpoint, outlierPolicy, retryPolicy, route, trafficConfig } from '../builders.ts';
import type { Filter, RateLimit } from '../filter.ts';
import type { Match } from '../match.ts';
import type { Cluster, Route } from '../model.ts';
import { checkTrafficConfig, servablePart } from './check-config.ts';

const ORDERS = cluster({ id: 'orders' });

function check(...routes: Route[]): Problem[] {
  return checkTrafficConfig(trafficConfig({ routes, clusters: [ORDERS] }));
}

function codes(...routes: Route[]): string[] {
  return check(...routes).map((problem) => `${problem.severity} ${problem.code} ${problem.subject}`);
}

const to = (id: string, match: Match = {}, more: Partial<Route> = {}) =>
  route({ id, match, action: { kind: 'forward', cluster: 'orders' }, ...more });
const path = (value: string): Match => ({ paths: [{ kind: 'pattern', value }] });
const withFilter = (filter: Filter, match: Match = {}) => to('r', match, { filters: [filter] });

describe('checkTrafficConfig', () => {
  it('has nothing to say about a sound configuration', () => {
    expect(
      check(
        to('a', path('/a/{id:\\d{2}}/**'), { retry: retryPolicy(), breaker: breakerPolicy({ name: 'a' }) }),
        to('b', { hosts: [{ value: '**.a.org' }], methods: ['GET'] }),
        route({ id: 'c', match: path('/c'), action: { kind: 'internal', path: '/a/12' } }),
        to('d'),
      ),
    ).toEqual([]);
  });

  it('tells what, where and what to do', () => {
    const location = { file: 'config-repo/gateway.yml', line: 7 };
    expect(check(route({ id: 'r', action: { kind: 'forward', cluster: 'ordrs' }, location }))).toEqual([
      {
        severity: 'error',
        code: 'unknown-cluster',
        message: 'there is no usable cluster "ordrs"',
        remedy: 'define or correct the cluster',
        subject: 'r',
        location,
      },
    ]);
  });

  it.each<[Match, string]>([
    [{ paths: [{ kind: 'regex', value: '(' }] }, 'error bad-regex'],
    [{ exceptPaths: [{ kind: 'regex', value: '[' }] }, 'error bad-regex'],
    [{ headers: [{ name: 'X', match: { kind: 'regex', value: '*' } }] }, 'error bad-regex'],
    [{ query: [{ name: 'q', match: { kind: 'regex', value: '(a+)+' } }] }, 'warning slow-regex'],
    [{ cookies: [{ name: 'c', match: { kind: 'regex', value: '(?:x|a*b)*' } }] }, 'warning slow-regex'],
    [{ headers: [{ name: 'X Y', match: { kind: 'present' } }] }, 'error bad-name'],
    [{ methods: ['GE T'] }, 'error bad-name'],
    [{ remoteAddresses: { cidrs: ['10.0.0.0/33'], source: 'peer' } }, 'error bad-address-block'],
    [{ remoteAddresses: { cidrs: ['localhost'], source: 'peer' } }, 'error bad-address-block'],
    [{ remoteAddresses: { cidrs: ['::1/129'], source: 'peer' } }, 'error bad-address-block'],
    [{ time: { after: 2, before: 2 } }, 'error empty-time-window'],
    [{ weight: { group: 'g', weight: -1 } }, 'error out-of-range'],
    [{ weight: { group: 'g', weight: 0 } }, 'warning weight-sum-zero'],
    [{ hosts: [{ value: ' ' }] }, 'error bad-host'],
    [{ paths: [] }, 'warning never-matches'],
    [path('/{a}/{a}'), 'error bad-pattern'],
    [path('/{a'), 'error bad-pattern'],
    [path('/a}'), 'error bad-pattern'],
    [path('/{}'), 'error bad-pattern'],
    [path('/{x:[}'), 'error bad-regex'],
  ])('finds in %j: %s', (match, expected) => {
    expect(codes(to('r', match))).toEqual([`${expected} r`]);
  });

  it.each<Match>([
    { remoteAddresses: { cidrs: ['10.0.0.0/8', '10.1.2.3', 'fd00::/8', '::1'], source: 'client' } },
    { paths: [{ kind: 'regex', value: '(?:a|b)+c*' }] },
    { weight: { group: 'g', weight: 3 } },
    { time: { after: 1 } },
    path('/{x:\\d{1,3}}/{*rest}'),
  ])('accepts %j', (match) => {
    expect(check(to('r', match))).toEqual([]);
  });

  const LIMIT: RateLimit = {
    replenishRate: 1,
    burstCapacity: 1,
    requestedTokens: 1,
    key: { kind: 'client-address' },
    status: 429,
    emptyKey: 'deny',
    emptyKeyStatus: 403,
    headers: true,
  };

  it.each<[Filter, string | undefined]>([
    [{ kind: 'set-header', on: 'request', name: 'X:', value: '' }, 'error bad-name'],
    [{ kind: 'set-header', on: 'request', name: 'X', value: 'a\r\nb' }, 'error bad-header-value'],
    [{ kind: 'add-header', on: 'request', name: 'X', value: 'a', moreValues: ['\0'] }, 'error bad-header-value'],
    [{ kind: 'add-header', on: 'request', name: 'X', value: '{x}', variables: true }, 'warning unknown-variable'],
    [{ kind: 'add-header', on: 'request', name: 'X', value: '{id}', variables: true }, undefined],
    [{ kind: 'add-header', on: 'request', name: 'X', value: '{x}' }, undefined],
    [{ kind: 'remove-header', on: 'request', names: ['X', ''] }, 'error bad-name'],
    [{ kind: 'dedupe-header', on: 'response', names: ['X Y'], keep: 'first' }, 'error bad-name'],
    [{ kind: 'copy-header', on: 'request', from: 'X', to: '(' }, 'error bad-name'],
    [{ kind: 'rewrite-header', on: 'request', name: 'X', regex: '(', replacement: '' }, 'error bad-regex'],
    [{ kind: 'rewrite-path', regex: '(', replacement: '' }, 'error bad-regex'],
    [{ kind: 'rewrite-location', header: 'L', stripVersion: 'never', protocols: '(' }, 'error bad-regex'],
    [{ kind: 'uri-from-header', header: '' }, 'error bad-name'],
    [{ kind: 'secure-headers', headers: { 'X-A': '\n' } }, 'error bad-header-value'],
    [{ kind: 'request-header-size', maxBytes: -1, errorHeader: 'e' }, 'error out-of-range'],
    [{ kind: 'strip-segments', count: -1 }, 'error out-of-range'],
    [{ kind: 'redirect', status: 200, location: '/' }, 'error out-of-range'],
    [{ kind: 'redirect', status: 302, location: '/\n' }, 'error bad-header-value'],
    [{ kind: 'respond', status: 99, headers: { X: '1' } }, 'error out-of-range'],
    [{ kind: 'set-status', status: 1_000, originalStatusHeader: 'X' }, 'error out-of-range'],
    [{ kind: 'set-status', status: 299 }, undefined],
    [{ kind: 'set-host', host: 'a\tb\n' }, 'error bad-header-value'],
    [{ kind: 'prefix-header', prefix: '/a' }, undefined],
    [{ kind: 'rate-limit', limit: LIMIT }, undefined],
    [{ kind: 'rate-limit', limit: { ...LIMIT, replenishRate: 0 } }, 'error out-of-range'],
    [{ kind: 'rate-limit', limit: { ...LIMIT, requestedTokens: 2 } }, 'warning always-limited'],
    [{ kind: 'rate-limit', limit: { ...LIMIT, key: { kind: 'header', name: ' ' } } }, 'error bad-name'],
    [{ kind: 'rate-limit', limit: { ...LIMIT, status: 200 } }, 'error out-of-range'],
  ])('judges the filter %j: %s', (filter, expected) => {
    expect(codes(withFilter(filter, path('/{id:\\d+}/{*rest}')))).toEqual(
      expected === undefined ? [] : [`${expected} r`],
    );
  });

  it.each<[Partial<Route>, string]>([
    [{ timeouts: { totalMs: 0 } }, 'error out-of-range'],
    [{ retry: retryPolicy({ retries: -1 }) }, 'error out-of-range'],
    [{ retry: retryPolicy({ statuses: [99] }) }, 'error out-of-range'],
    [{ retry: retryPolicy({ backoff: { firstMs: 5, factor: 0.5, jitter: 0 } }) }, 'error out-of-range'],
    [{ retry: retryPolicy({ perTryTimeoutMs: 100 }), timeouts: { totalMs: 100 } }, 'warning no-time-to-retry'],
    [{ breaker: breakerPolicy({ name: 'b', failureRateThreshold: 101 }) }, 'error out-of-range'],
    [{ breaker: breakerPolicy({ name: 'b', window: { kind: 'time', ms: 0 } }) }, 'error out-of-range'],
    [{ breaker: breakerPolicy({ name: 'b', fallbackPath: 'x' }) }, 'error bad-path'],
    [{ action: { kind: 'internal', path: 'x' } }, 'error bad-path'],
    [{ action: { kind: 'respond', status: 700 } }, 'error out-of-range'],
    [{ action: { kind: 'forward', cluster: 'none' } }, 'error unknown-cluster'],
    [{ id: '' }, 'error missing-id'],
  ])('judges %j: %s', (parts, expected) => {
    expect(codes(to('r', {}, parts))).toEqual([`${expected} ${parts.id ?? 'r'}`]);
  });

  it('needs no cluster for a route that its filters answer', () => {
    const parts: Partial<Route> = { action: { kind: 'forward', cluster: 'none' } };
    expect(codes(to('r', {}, { ...parts, filters: [{ kind: 'redirect', status: 302, location: '/' }] }))).toEqual([]);
  });

  it('finds ids that occur twice', () => {
    expect(codes(to('a', path('/a')), to('a', path('/b')))).toEqual(['error duplicate-route a']);
  });

  it.each<[Partial<Cluster>, string]>([
    [{ endpoints: { kind: 'static', endpoints: [] } }, 'warning no-endpoints'],
    [{ endpoints: { kind: 'discovered', service: '' } }, 'error bad-service'],
    [{ endpoints: { kind: 'static', endpoints: [endpoint({ host: 'a', port: 0 })] } }, 'error out-of-range'],
    [{ endpoints: { kind: 'static', endpoints: [endpoint({ host: '', port: 80 })] } }, 'error bad-endpoint'],
    [
      { endpoints: { kind: 'static', endpoints: [endpoint({ host: 'a', port: 80, weight: -1 })] } },
      'error out-of-range',
    ],
    [{ connectTimeoutMs: 0 }, 'error out-of-range'],
    [{ outlier: outlierPolicy({ maxEjectionMs: 1 }) }, 'error out-of-range'],
    [{ tls: { verify: false } }, 'warning unverified-tls'],
  ])('judges the cluster %j: %s', (parts, expected) => {
    const config = trafficConfig({ clusters: [cluster({ id: 'c', ...parts })] });
    expect(checkTrafficConfig(config).map(({ severity, code }) => `${severity} ${code}`)).toEqual([expected]);
  });
});

describe('shadowed routes', () => {
  const shadowed = (...routes: Route[]) =>
    check(...routes)
      .filter(({ code }) => code === 'shadowed-route')
      .map(({ subject, message }) => `${subject} by ${/"([^"]*)" comes first/.exec(message)?.[1]}`);

  it.each<[Match, Match, boolean]>([
    [{}, path('/a'), true],
    [path('/a'), path('/a'), true],
    [path('/**'), path('/a/{x}'), true],
    [path('/a/**'), { ...path('/a/b'), methods: ['GET'] }, true],
    [path('/a/**'), path('/a'), true],
    [path('/a/**'), path('/ab'), false],
    [path('/a/**'), path('/{x}/b'), false],
    [path('/a/**'), {}, false],
    [{ ...path('/a/**'), methods: ['GET'] }, path('/a/b'), false],
    [{ paths: [{ kind: 'prefix', value: '/a/' }] }, path('/a/b/*'), true],
    [{ ...path('/a/**'), pathView: 'normalized' }, path('/a/b'), false],
    [path('/a/{x}/**'), path('/a/b/c'), false],
    [path('/a/**'), { paths: [{ kind: 'pattern', value: '/A', ignoreCase: true }] }, false],
    [path('/a/**'), { paths: [{ kind: 'regex', value: '/a/b' }] }, false],
    [path('/a/**'), { paths: [...(path('/a/b').paths ?? []), ...(path('/c').paths ?? [])] }, false],
    [path('/a/b/**'), { paths: [{ kind: 'text-prefix', value: '/a/b' }] }, false],
    [path('/a/**'), { paths: [{ kind: 'text-prefix', value: '/a/b' }] }, true],
    [{ methods: ['GET'] }, { methods: ['GET'] }, true],
    [{ weight: { group: 'g', weight: 1 } }, { weight: { group: 'g', weight: 1 } }, false],
  ])('%j before %j: %s', (first, second, expected) => {
    expect(shadowed(to('first', first), to('second', second))).toEqual(expected ? ['second by first'] : []);
  });

  it('are not those behind a broken route', () => {
    expect(shadowed(to('first', {}, { timeouts: { totalMs: 0 } }), to('second'))).toEqual([]);
  });
});

describe('servablePart', () => {
  it('leaves out what is broken and lists it', () => {
    const config = trafficConfig({
      routes: [
        to('fine', path('/a')),
        to('broken', { paths: [{ kind: 'regex', value: '(' }] }),
        to('fine', path('/b')),
      ],
      clusters: [ORDERS, cluster({ id: 'bad', maxConnections: 0 })],
      forwarding: {
        trustedProxies: ['10.0.0.0/8', 'proxies'],
        xForwarded: { for: true, host: true, port: true, proto: true, prefix: true },
        forwarded: false,
      },
      problems: [{ severity: 'warning', code: 'from-dialect', message: 'kept' }],
    });
    const part = servablePart(config);
    expect(part.routes).toEqual([config.routes[0]]);
    expect(part.clusters).toEqual([ORDERS]);
    expect(part.forwarding.trustedProxies).toEqual(['10.0.0.0/8']);
    expect(part.problems.map(({ code }) => code)).toEqual([
      'from-dialect',
      'out-of-range',
      'bad-regex',
      'duplicate-route',
      'bad-address-block',
    ]);
    expect(part.version).not.toBe(config.version);
  });

  it('is the configuration itself when nothing is wrong', () => {
    const config = trafficConfig({ routes: [to('a')], clusters: [ORDERS] });
    expect(servablePart(config)).toBe(config);
  });
});
