import { bindProperties, type Property } from '#config';
import type { Translation } from '#traffic';
import { fixedPart } from './route-filters.ts';
import { translateZuul } from './translate.ts';
import { matchesSimply } from './zuul-route.ts';

type Values = Readonly<Record<string, string | number | boolean>>;

/** Each property stands on a line of its own, its value in column 9. */
function translate(values: Values, services: readonly string[] = [], ownService?: string): Translation {
  const properties = new Map<string, Property>();
  for (const [index, [key, value]] of Object.entries(values).entries())
    properties.set(key, { value, origin: { file: 'gateway.yml', line: index + 1, column: 9 } });
  const context = { services, ...(ownService === undefined ? {} : { ownService }) };
  return translateZuul(bindProperties([{ name: 'gateway.yml', properties }]), context);
}

const first = (translation: Translation) => {
  expect(translation.problems).toEqual([]);
  const [route] = translation.routes;
  if (route === undefined) throw new Error('no route');
  return route;
};
const patterns = (translation: Translation) => translation.routes.map(({ match }) => match.paths?.[0]?.value);
const kinds = (translation: Translation) =>
  first(translation).filters.flatMap((filter) => {
    if (filter.kind === 'strip-prefix') return filter.prefix === '/zuul' ? [] : [`strip ${filter.prefix}`];
    if (filter.kind === 'prefix-path') return [`prefix ${filter.prefix}`];
    if (filter.kind === 'strip-segments') return [`strip ${filter.count}`];
    if (filter.kind === 'prefix-header') return [`tell ${filter.prefix}`];
    return [];
  });

describe('routes', () => {
  it('take the id from the path and the service from the key in the short form', () => {
    const translation = translate({ 'zuul.routes.users': '/myusers/**' });
    expect(first(translation)).toMatchObject({
      id: 'myusers',
      dialect: 'zuul',
      match: {
        pathView: 'normalized',
        paths: [
          { kind: 'ant', value: '/myusers/**' },
          { kind: 'ant', value: '/zuul/myusers/**' },
        ],
      },
      action: { kind: 'forward', cluster: 'users', mergeSlashes: true },
      location: { file: 'gateway.yml', line: 1, column: 9 },
    });
    expect(translation.clusters[0]?.endpoints).toEqual({ kind: 'discovered', service: 'users' });
  });

  it.each<[Values, string, string, unknown]>([
    [{ 'zuul.routes.a': '/x/*/y/**' }, 'x/y', '/x/*/y/**', { kind: 'forward', cluster: 'a', mergeSlashes: true }],
    [
      { 'zuul.routes.a': '/x/**=http://h:9/base/' },
      'x',
      '/x/**',
      { kind: 'forward', cluster: 'zuul:http://h:9', mergeSlashes: true, basePath: '/base' },
    ],
    [{ 'zuul.routes.a.serviceId': 'orders' }, 'a', '/a/**', { kind: 'forward', cluster: 'orders', mergeSlashes: true }],
    [{ 'zuul.routes.a.path': 'x/**' }, 'a', '/x/**', { kind: 'forward', cluster: 'a', mergeSlashes: true }],
    [
      { 'zuul.routes.a.url': 'https://h', 'zuul.routes.a.serviceId': 's' },
      'a',
      '/a/**',
      { kind: 'forward', cluster: 'zuul:https://h:443', mergeSlashes: true },
    ],
    [{ 'zuul.routes.a.url': 'forward:/3rd' }, 'a', '/a/**', { kind: 'internal', path: '/3rd', appendPath: true }],
    [
      { 'zuul.routes.a.id': 'b', 'zuul.routes.a.path': '/q' },
      'b',
      '/q',
      { kind: 'forward', cluster: 'a', mergeSlashes: true },
    ],
  ])('%j', (values, id, path, action) => {
    const route = first(translate(values));
    expect([route.id, route.match.paths?.[0]?.value]).toEqual([id, path]);
    expect(route.action).toEqual(action);
  });

  it('keep file order, except that the same path stays in its first place and /** goes last', () => {
    const translation = translate({
      'zuul.routes.all.path': '/**',
      'zuul.routes.b.path': '/b/**',
      'zuul.routes.a.path': '/a/**',
      'zuul.routes.c.path': '/b/**',
    });
    expect(patterns(translation)).toEqual(['/b/**', '/a/**', '/**']);
    expect(translation.routes.map(({ id }) => id)).toEqual(['c', 'a', 'all']);
  });

  it('exist only where zuul is configured', () => {
    expect(translate({ 'ribbon.ReadTimeout': 1 }, ['orders'])).toEqual({ routes: [], clusters: [], problems: [] });
  });
});

describe('automatic routes', () => {
  const base: Values = { 'zuul.routes.a.path': '/a/**' };

  it('follow the configured ones, lower-cased, with ids of their own', () => {
    const translation = translate({ ...base, 'zuul.routes.orders.path': '/o/**' }, ['ORDERS', 'users']);
    expect(patterns(translation)).toEqual(['/a/**', '/o/**', '/orders/**', '/users/**']);
    expect(translation.routes.map(({ id }) => id)).toEqual(['a', 'orders', 'orders-2', 'users']);
  });

  it.each<[string, readonly string[]]>([
    ['*', ['/a/**']],
    ['or*', ['/a/**', '/users/**']],
    ['*ers,nope', ['/a/**']],
    ['users', ['/a/**', '/orders/**']],
  ])('leave out %s', (ignored, expected) => {
    expect(patterns(translate({ ...base, 'zuul.ignoredServices': ignored }, ['orders', 'users']))).toEqual(expected);
  });

  it('leave out the gateway itself unless told otherwise, and a path that is configured', () => {
    expect(patterns(translate(base, ['A', 'GW'], 'gw'))).toEqual(['/a/**']);
    expect(patterns(translate({ ...base, 'zuul.ignore-local-service': false }, ['gw'], 'gw'))).toEqual([
      '/a/**',
      '/gw/**',
    ]);
  });

  it.each([
    ['x', 'x', true],
    ['x', 'xy', false],
    ['a*b*c', 'a1b2c', true],
    ['a*b*c', 'a1c', false],
    ['ab*ba', 'aba', false],
  ])('pattern %s on %s', (pattern, text, expected) => {
    expect(matchesSimply(pattern, text)).toBe(expected);
  });
});

describe('stripping', () => {
  it.each<[Values, readonly string[]]>([
    [{}, ['strip /users', 'tell /users']],
    [{ 'zuul.prefix': '/api' }, ['strip /api', 'strip /users', 'tell /api/users']],
    [
      { 'zuul.prefix': '/api', 'zuul.stripPrefix': false },
      ['strip /api', 'strip /users', 'prefix /api', 'tell /api/users'],
    ],
    [{ 'zuul.prefix': 'api/', 'zuul.routes.users.stripPrefix': false }, ['strip /api', 'tell /api']],
    [{ 'zuul.prefix': '/api', 'zuul.strip-prefix': false, 'zuul.routes.users.stripPrefix': false }, ['tell /api']],
    [{ 'zuul.add-proxy-headers': false }, ['strip /users']],
    [{ 'zuul.routes.users.path': '/**' }, []],
    [{ 'zuul.routes.users.path': '/users' }, []],
    [{ 'zuul.routes.users.path': '/{id}/x/**' }, ['strip 2']],
  ])('%j', (values, expected) => {
    expect(kinds(translate({ 'zuul.routes.users.path': '/users/**', ...values }))).toEqual(expected);
  });

  it.each([
    ['/a/b/**', '/a/b'],
    ['/w*', ''],
    ['/a/b*/**', '/a'],
    ['/one/*', '/one'],
  ])('%s has the fixed part "%s"', (path, part) => {
    expect(fixedPart(path)).toBe(part);
  });

  it('matches under the prefix, except what is ignored', () => {
    const { match } = first(
      translate({
        'zuul.prefix': '/api',
        'zuul.routes.a': '/a/**',
        'zuul.ignoredPatterns': '/**/admin/**',
        'zuul.servletPath': '',
        'zuul.decodeUrl': false,
      }),
    );
    expect(match).toEqual({
      pathView: 'raw',
      paths: [{ kind: 'ant', value: '/api/a/**' }],
      exceptPaths: [{ kind: 'ant', value: '/**/admin/**' }],
    });
  });
});

describe('headers', () => {
  const dropped = (values: Values) => {
    const filters = first(translate({ 'zuul.routes.a.path': '/a/**', ...values })).filters;
    const lists = filters.flatMap((filter) => (filter.kind === 'remove-header' ? [filter.names] : []));
    expect(lists[0]).toEqual(lists[1]);
    return lists[0]?.slice(2);
  };

  it.each<[Values, readonly string[]]>([
    [{}, ['Cookie', 'Set-Cookie', 'Authorization']],
    [{ 'zuul.sensitiveHeaders': 'Cookie' }, ['Cookie']],
    [{ 'zuul.sensitive-headers': '' }, []],
    [{ 'zuul.routes.a.sensitiveHeaders': '' }, []],
    [{ 'zuul.routes.a.sensitiveHeaders': 'X-A,X-B' }, ['X-A', 'X-B']],
    [{ 'zuul.routes.a.customSensitiveHeaders': true }, []],
    [{ 'zuul.ignoredHeaders': 'X-I', 'zuul.routes.a.sensitiveHeaders': '' }, ['X-I']],
  ])('%j', (values, expected) => {
    expect(dropped(values)).toEqual(expected);
  });

  it('of the client: host and forwarding', () => {
    const translation = translate({
      'zuul.routes.a': '/a/**',
      'zuul.addHostHeader': true,
      'cardea.gateway.trusted-proxies': '10.0.0.0/8',
    });
    expect(first(translation).filters.map(({ kind }) => kind)).toContain('preserve-host');
    expect(translation.forwarding).toMatchObject({ trustedProxies: ['10.0.0.0/8'], xForwarded: { for: true } });
    const off = translate({ 'zuul.routes.a': '/a/**', 'zuul.addProxyHeaders': false });
    expect(off.forwarding).toMatchObject({ trustedProxies: [], xForwarded: { for: false, host: false } });
    const reference = { 'zuul.routes.a': '/a/**', 'cardea.gateway.forwarded-headers': 'reference' };
    expect(translate(reference).forwarding).toMatchObject({
      trustedProxies: ['0.0.0.0/0', '::/0'],
      xForwarded: { for: true, prefix: false },
    });
    const narrowed = translate({ ...reference, 'cardea.gateway.trusted-proxies': '10.0.0.0/8' });
    expect(narrowed.forwarding?.trustedProxies).toEqual(['10.0.0.0/8']);
  });
});

describe('targets', () => {
  const service: Values = { 'zuul.routes.users': '/users/**' };

  it('a url has the limits of zuul.host and repeats idempotent requests on a lost connection', () => {
    const translation = translate({
      'zuul.routes.a.url': 'http://h/b',
      'zuul.host.socketTimeoutMillis': 300,
      'zuul.host.connect-timeout-millis': 200,
    });
    expect(first(translation)).toMatchObject({
      timeouts: { responseMs: 300 },
      retry: { retries: 3, on: ['reset'], statuses: [] },
    });
    expect(first(translation).breaker).toBeUndefined();
    expect(translation.clusters[0]).toMatchObject({
      id: 'zuul:http://h:80',
      connectTimeoutMs: 200,
      endpoints: { kind: 'static', endpoints: [{ id: 'h:80', host: 'h', port: 80, weight: 1 }] },
    });
  });

  it('a service has the defaults of Ribbon and Hystrix: 4 s in all, no retry', () => {
    const translation = translate(service);
    const route = first(translation);
    expect(route.timeouts).toEqual({ responseMs: 1000 });
    expect(route.retry).toBeUndefined();
    expect(route.breaker).toEqual({
      name: 'users',
      window: { kind: 'time', ms: 10_000 },
      minimumCalls: 20,
      failureRateThreshold: 50,
      openMs: 5000,
      halfOpenCalls: 1,
      failureStatuses: [],
      timeoutMs: 4000,
    });
    expect(translation.clusters[0]).toMatchObject({
      connectTimeoutMs: 1000,
      maxConcurrentRequests: 100,
      balancing: 'round-robin',
    });
  });

  it('reads the service before the general settings', () => {
    const translation = translate({
      ...service,
      'ribbon.ReadTimeout': 3000,
      'ribbon.ConnectTimeout': 500,
      'users.ribbon.ReadTimeout': 2000,
      'users.ribbon.MaxAutoRetries': 1,
      'users.ribbon.MaxAutoRetriesNextServer': 2,
      'users.ribbon.OkToRetryOnAllOperations': true,
      'users.ribbon.retryableStatusCodes': '503, x, 502',
      'users.ribbon.NFLoadBalancerRuleClassName': 'com.netflix.loadbalancer.BestAvailableRule',
      'zuul.retryable': true,
      'zuul.eureka.users.semaphore.maxSemaphores': 7,
      'hystrix.command.users.circuitBreaker.requestVolumeThreshold': 3,
      'hystrix.command.default.circuitBreaker.sleepWindowInMilliseconds': 900,
    });
    const route = first(translation);
    expect(route.retry).toMatchObject({ retries: 5, statuses: [503, 502], perTryTimeoutMs: 2000 });
    expect(route.retry?.methods).toContain('POST');
    expect(route.breaker).toMatchObject({ minimumCalls: 3, openMs: 900, timeoutMs: 15_000 });
    expect(translation.clusters[0]).toMatchObject({
      connectTimeoutMs: 500,
      maxConcurrentRequests: 7,
      balancing: 'least-request',
    });
  });

  it('retries only where the route is retryable, and then only GET', () => {
    expect(first(translate({ ...service, 'zuul.routes.users': '/u/**' })).retry).toBeUndefined();
    const route = first(translate({ 'zuul.routes.users.path': '/u/**', 'zuul.routes.users.retryable': true }));
    expect(route.retry).toMatchObject({ retries: 1, methods: ['GET'] });
  });

  it.each<[Values, unknown]>([
    [
      { 'users.ribbon.listOfServers': 'h:1, https://k/p, l' },
      { kind: 'static', endpoints: [server('h', 1), { ...server('k', 443), secure: true }, server('l', 80)] },
    ],
    [
      {
        'users.ribbon.NIWSServerListClassName': 'com.netflix.loadbalancer.ConfigurationBasedServerList',
        'users.ribbon.listOfServers': 'h:1',
        'ribbon.eureka.enabled': true,
      },
      { kind: 'static', endpoints: [server('h', 1)] },
    ],
    [{}, { kind: 'discovered', service: 'users' }],
  ])('servers by %j', (values, endpoints) => {
    const translation = translate({ ...service, ...values });
    expect(translation.problems).toEqual([]);
    expect(translation.clusters[0]?.endpoints).toEqual(endpoints);
  });

  it('a breaker that is off never opens, a timeout that is off never ends a call', () => {
    const off = {
      'hystrix.command.users.circuitBreaker.enabled': false,
      'hystrix.command.users.execution.timeout.enabled': false,
    };
    const { breaker } = first(translate({ ...service, ...off }));
    expect(breaker).toMatchObject({ minimumCalls: Number.MAX_SAFE_INTEGER });
    expect(breaker).not.toHaveProperty('timeoutMs');
  });
});

describe('problems', () => {
  const hystrix = 'hystrix.command.users.execution.isolation.thread.timeoutInMilliseconds';

  it.each<[Values, string, string]>([
    [{ [hystrix]: 400 }, 'timeout-too-short', '400 ms end a call to users before its attempts may (4000 ms)'],
    [
      { 'users.ribbon.NFLoadBalancerRuleClassName': 'x.MyRule' },
      'unsupported',
      'the rule MyRule is not known; instances are taken in turn',
    ],
    [
      { 'users.ribbon.listOfServers': 'h:1', 'ribbon.eureka.enabled': true },
      'no-effect',
      'discovery lists the servers of users, not listOfServers',
    ],
    [{ 'ribbon.eureka.enabled': false }, 'no-servers', 'users has no servers'],
    [{ 'zuul.stripPrefx': true }, 'unknown-key', 'unknown key zuul.stripPrefx'],
    [{ 'zuul.routes.users.stripPrefx': true }, 'unknown-key', 'unknown key zuul.routes.users.stripPrefx'],
    [
      { 'zuul.SendResponseFilter.post.disable': true },
      'unsupported',
      'zuul.SendResponseFilter.post.disable has no effect',
    ],
    [{ 'zuul.ribbonIsolationStrategy': 'THREAD' }, 'unsupported', 'zuul.ribbonIsolationStrategy has no effect'],
    [{ 'zuul.sslHostnameValidationEnabled': false }, 'insecure', 'certificates of upstreams are not verified'],
    [{ 'zuul.stripPrefix': 'maybe' }, 'invalid-value', 'zuul.stripPrefix: "maybe" is not true or false'],
  ])('%j is shown', (values, code, message) => {
    const { routes, problems } = translate({ 'zuul.routes.users.path': '/u/**', ...values });
    expect(routes).toHaveLength(1);
    expect(problems).toMatchObject([{ code, message }]);
    const line = Object.keys(values).length + 1;
    expect(problems[0]?.location).toEqual({ file: 'gateway.yml', line: code === 'no-effect' ? 2 : line, column: 9 });
  });

  it('a url that leads nowhere disables its route alone', () => {
    const { routes, problems } = translate({ 'zuul.routes.bad.url': 'http://', 'zuul.routes.good.url': 'http://h' });
    expect(routes.map(({ id }) => id)).toEqual(['good']);
    expect(problems).toMatchObject([
      { severity: 'error', code: 'invalid-url', subject: 'bad', location: { file: 'gateway.yml', line: 1, column: 9 } },
    ]);
  });

  it('one fault of a service that two routes share is shown for each', () => {
    const { problems } = translate({
      'zuul.routes.a.serviceId': 's',
      'zuul.routes.b.serviceId': 's',
      's.ribbon.ReadTimeout': 'x',
    });
    expect(problems.map(({ subject }) => subject)).toEqual(['a', 'b']);
  });
});

function server(host: string, port: number) {
  return { id: `${host}:${port}`, host, port, weight: 1 };
}
