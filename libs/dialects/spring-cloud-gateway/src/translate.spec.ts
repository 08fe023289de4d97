import { bindProperties, type Property } from '#config';
import type { Filter, Match, Translation } from '#traffic';
import { translateSpringCloudGateway } from './translate.ts';

type Values = Readonly<Record<string, string | number | boolean>>;

/** Each property stands on a line of its own, its value in column 9. */
function translate(values: Values, services: readonly string[] = []): Translation {
  const properties = new Map<string, Property>();
  for (const [index, [key, value]] of Object.entries(values).entries())
    properties.set(key, { value, origin: { file: 'gateway.yml', line: index + 1, column: 9 } });
  return translateSpringCloudGateway(bindProperties([{ name: 'gateway.yml', properties }]), { services });
}

const P = 'spring.cloud.gateway.server.webflux';

function route(members: Values, more: Values = {}): Translation {
  const own = Object.entries(members).map(([key, value]) => [`${P}.routes[0].${key}`, value]);
  return translate({
    [`${P}.routes[0].id`]: 'r',
    [`${P}.routes[0].uri`]: 'http://up:81/ignored?x=1',
    ...Object.fromEntries(own),
    ...more,
  });
}

const only = (translation: Translation) => {
  expect(translation.problems).toEqual([]);
  expect(translation.routes).toHaveLength(1);
  const [first] = translation.routes;
  if (first === undefined) throw new Error('no route');
  return first;
};

describe('predicates', () => {
  it.each<[string, Match]>([
    ['Path=/a/**, /b', { pathView: 'raw', paths: [pattern('/a/**'), pattern('/b')] }],
    ['Path=/a/{id},false', { pathView: 'raw', paths: [{ ...pattern('/a/{id}'), trailingSlash: false }] }],
    ['Host=**.a.org,b.org:*', { hosts: [host('**.a.org'), host('b.org:*')] }],
    ['Method=get,POST', { methods: ['GET', 'POST'] }],
    ['Header=X-Kind, (red|blue)', { headers: [{ name: 'X-Kind', match: regex('(red|blue)'), splitCommas: true }] }],
    ['Header=X-Kind', { headers: [{ name: 'X-Kind', match: { kind: 'present' }, splitCommas: true }] }],
    ['Query=v', { query: [{ name: 'v', match: { kind: 'present' } }] }],
    ['Query=v, [0-9]+', { query: [{ name: 'v', match: regex('[0-9]+') }] }],
    ['Cookie=sess, .+', { cookies: [{ name: 'sess', match: regex('.+') }] }],
    ['RemoteAddr=127.0.0.1/8,10.0.0.1', { remoteAddresses: { cidrs: ['127.0.0.1/8', '10.0.0.1/32'], source: 'peer' } }],
    ['XForwardedRemoteAddr=10.0.0.0/8', { remoteAddresses: { cidrs: ['10.0.0.0/8'], source: 'client' } }],
    ['After=2001-01-01T00:00:00Z', { time: { after: 978_307_200_000 } }],
    ['Before=2001-01-01T02:00:00+02:00[Europe/Berlin]', { time: { before: 978_307_200_000 } }],
    ['Between=5, 2001-01-01T00:00:00Z', { time: { after: 5, before: 978_307_200_000 } }],
    ['Weight=g, 8', { weight: { group: 'g', weight: 8 } }],
  ])('%s', (shortcut, match) => {
    expect(only(route({ 'predicates[0]': shortcut })).match).toEqual(match);
  });

  it('are ANDed, times narrowed', () => {
    const { match } = only(
      route({
        'predicates[0]': 'Header=A',
        'predicates[1]': 'Header=B',
        'predicates[2]': 'After=5',
        'predicates[3]': 'After=9',
      }),
    );
    expect(match.headers?.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(match.time).toEqual({ after: 9 });
  });

  it('may be written with members', () => {
    const { match } = only(
      route({
        'predicates[0].name': 'Path',
        'predicates[0].args.patterns[0]': '/a',
        'predicates[0].args.patterns[1]': '/b',
        'predicates[0].args.matchTrailingSlash': false,
        'predicates[1].name': 'Query',
        'predicates[1].args.param': 'x',
        'predicates[1].args.regexp': 'a,b',
        'predicates[2].name': 'Method',
        'predicates[2].args._genkey_0': 'PUT',
      }),
    );
    expect(match.paths).toEqual([
      { kind: 'pattern', value: '/a', trailingSlash: false },
      { kind: 'pattern', value: '/b', trailingSlash: false },
    ]);
    expect(match.query).toEqual([{ name: 'x', match: regex('a,b') }]);
    expect(match.methods).toEqual(['PUT']);
  });

  it('read the base path and the port switch', () => {
    const { match } = only(
      route(
        { 'predicates[0]': 'Path=/a', 'predicates[1]': 'Host=h' },
        { 'spring.webflux.base-path': '/base/', [`${P}.predicate.host.include-port`]: false },
      ),
    );
    expect(match.paths?.[0]?.value).toBe('/base/a');
    expect(match.hosts?.[0]?.includePort).toBe(false);
  });
});

describe('filters', () => {
  it.each<[string, Filter]>([
    [
      'AddRequestHeader=X-V,{a}-{b}',
      { kind: 'add-header', on: 'request', name: 'X-V', value: '{a}-{b}', variables: true },
    ],
    ['SetRequestHeader=X-S,one', { kind: 'set-header', on: 'request', name: 'X-S', value: 'one' }],
    ['RemoveRequestHeader=X-G', { kind: 'remove-header', on: 'request', names: ['X-G'] }],
    ['MapRequestHeader=X-F,X-T', { kind: 'copy-header', on: 'request', from: 'X-F', to: 'X-T' }],
    ['AddRequestParameter=k,v', { kind: 'add-query', name: 'k', value: 'v' }],
    ['RemoveRequestParameter=k', { kind: 'remove-query', name: 'k' }],
    ['RewriteRequestParameter=k,n', { kind: 'rewrite-query', name: 'k', value: 'n' }],
    ['PreserveHostHeader', { kind: 'preserve-host' }],
    ['SetRequestHostHeader=h', { kind: 'set-host', host: 'h' }],
    ['RequestHeaderSize=40B', { kind: 'request-header-size', maxBytes: 40, errorHeader: 'errorMessage' }],
    ['RequestSize', { kind: 'request-size', maxBytes: 5_000_000 }],
    ['PrefixPath=/pre', { kind: 'prefix-path', prefix: '/pre', once: true }],
    ['StripPrefix', { kind: 'strip-segments', count: 1 }],
    ['StripPrefix=2', { kind: 'strip-segments', count: 2 }],
    ['SetPath=/set/{seg}', { kind: 'set-path', path: '/set/{seg}', variables: true }],
    ['RewritePath=/a/(?<r>.*), /$\\{r}', { kind: 'rewrite-path', regex: '/a/(?<r>.*)', replacement: '/${r}' }],
    [
      'RewritePath=/(a)(?<b>.*), /$1${b}$2\\$x',
      { kind: 'rewrite-path', regex: '/(a)(?<b>.*)', replacement: '/$1${b}$2\\$x' },
    ],
    ['SetRequestUri=http://h/x', { kind: 'set-uri', uri: 'http://h/x' }],
    ['RequestHeaderToRequestUri=X-T', { kind: 'uri-from-header', header: 'X-T' }],
    ['RedirectTo=301, https://n/t', { kind: 'redirect', status: 301, location: 'https://n/t' }],
    ['RedirectTo=FOUND,/t,true', { kind: 'redirect', status: 302, location: '/t', includeQuery: true }],
    ['AddResponseHeader=X,{b}', { kind: 'add-header', on: 'response', name: 'X', value: '{b}', variables: true }],
    ['AddResponseHeader=X,b,false', { kind: 'add-header', on: 'response', name: 'X', value: 'b', ifAbsent: true }],
    ['SetResponseHeader=X,n', { kind: 'set-header', on: 'response', name: 'X', value: 'n' }],
    ['RemoveResponseHeader=X', { kind: 'remove-header', on: 'response', names: ['X'] }],
    [
      'RewriteResponseHeader=X,password=[^&]+,password=***',
      { kind: 'rewrite-header', on: 'response', name: 'X', regex: 'password=[^&]+', replacement: 'password=***' },
    ],
    [
      'DedupeResponseHeader=A B,RETAIN_LAST',
      { kind: 'dedupe-header', on: 'response', names: ['A', 'B'], keep: 'last' },
    ],
    ['DedupeResponseHeader=A', { kind: 'dedupe-header', on: 'response', names: ['A'], keep: 'first' }],
    [
      'RewriteLocationResponseHeader=NEVER_STRIP, Location, gw.example',
      {
        kind: 'rewrite-location',
        header: 'Location',
        stripVersion: 'never',
        protocols: 'https?|ftps?',
        host: 'gw.example',
      },
    ],
    ['SetStatus=BAD_GATEWAY', { kind: 'set-status', status: 502 }],
    ['SetStatus=299', { kind: 'set-status', status: 299 }],
  ])('%s', (shortcut, filter) => {
    expect(only(route({ 'filters[0]': shortcut })).filters).toEqual([filter]);
  });

  it('AddRequestHeadersIfNotPresent groups by name', () => {
    expect(only(route({ 'filters[0]': 'AddRequestHeadersIfNotPresent=X-D:1,X-E:3,X-D:2' })).filters).toEqual([
      { kind: 'add-header', on: 'request', name: 'X-D', value: '1', moreValues: ['2'], ifAbsent: true },
      { kind: 'add-header', on: 'request', name: 'X-E', value: '3', ifAbsent: true },
    ]);
  });

  it('SecureHeaders leaves out what is disabled and takes values of the configuration', () => {
    const { filters } = only(
      route(
        {
          'filters[0].name': 'SecureHeaders',
          'filters[0].args.disable': 'x-frame-options,Content-Security-Policy',
          'filters[0].args.enable': 'permissions-policy',
        },
        {
          [`${P}.filter.secure-headers.permissions-policy`]: 'geolocation=()',
          [`${P}.filter.secure-headers.disable`]: 'referrer-policy',
        },
      ),
    );
    expect(filters[0]).toEqual({
      kind: 'secure-headers',
      headers: {
        'X-Xss-Protection': '1 ; mode=block',
        'Strict-Transport-Security': 'max-age=631138519',
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'X-Download-Options': 'noopen',
        'X-Permitted-Cross-Domain-Policies': 'none',
        'Permissions-Policy': 'geolocation=()',
      },
    });
  });

  it('SetStatus and the header with the original status', () => {
    const { filters } = only(
      route({ 'filters[0]': 'SetStatus=404' }, { [`${P}.set-status.original-status-header-name`]: 'X-O' }),
    );
    expect(filters[0]).toEqual({ kind: 'set-status', status: 404, originalStatusHeader: 'X-O' });
  });

  it('default filters come first of each pair', () => {
    const { filters } = only(
      route(
        {
          'filters[0]': 'AddRequestHeader=Q,r1',
          'filters[1]': 'AddRequestHeader=Q,r2',
          'filters[2]': 'AddRequestHeader=Q,r3',
        },
        { [`${P}.default-filters[0]`]: 'AddRequestHeader=Q,d1', [`${P}.default-filters[1]`]: 'AddRequestHeader=Q,d2' },
      ),
    );
    expect(filters.map((filter) => (filter.kind === 'add-header' ? filter.value : ''))).toEqual([
      'd1',
      'r1',
      'd2',
      'r2',
      'r3',
    ]);
  });

  it('RequestRateLimiter counts by what the bean is said to do', () => {
    const args = 'filters[0].args';
    const translation = route(
      {
        'filters[0].name': 'RequestRateLimiter',
        [`${args}.key-resolver`]: '#{@ipKeyResolver}',
        [`${args}.redis-rate-limiter.replenishRate`]: 10,
        [`${args}.redis-rate-limiter.burstCapacity`]: 20,
        [`${args}.denyEmptyKey`]: false,
      },
      { 'cardea.gateway.key-resolvers.ipKeyResolver': 'client-address' },
    );
    expect(only(translation).filters).toEqual([
      {
        kind: 'rate-limit',
        limit: {
          replenishRate: 10,
          burstCapacity: 20,
          requestedTokens: 1,
          key: { kind: 'client-address' },
          status: 429,
          emptyKey: 'allow',
          emptyKeyStatus: 403,
          headers: true,
        },
      },
    ]);
  });

  it('Retry has the defaults of the original', () => {
    const { retry } = only(route({ 'filters[0]': 'Retry' }));
    expect(retry).toMatchObject({ retries: 3, methods: ['GET'], on: ['connect', 'reset', 'timeout'] });
    expect(retry?.statuses).toEqual(expect.arrayContaining([500, 502, 503, 504]));
    expect(retry?.statuses).not.toContain(520);
    expect(retry?.backoff).toBeUndefined();
  });

  it('Retry reads its arguments', () => {
    const args = 'filters[0].args';
    const { retry, timeouts } = only(
      route({
        'filters[0].name': 'Retry',
        [`${args}.retries`]: 2,
        [`${args}.statuses`]: 'BAD_GATEWAY,404',
        [`${args}.series`]: '',
        [`${args}.methods`]: 'GET,POST',
        [`${args}.exceptions`]: 'java.net.ConnectException',
        [`${args}.backoff.firstBackoff`]: '10ms',
        [`${args}.backoff.maxBackoff`]: '50ms',
        [`${args}.backoff.factor`]: 3,
        [`${args}.backoff.basedOnPreviousValue`]: false,
        [`${args}.timeout`]: '2s',
      }),
    );
    expect(retry).toMatchObject({ retries: 2, methods: ['GET', 'POST'], statuses: [502, 404], on: ['connect'] });
    expect(retry?.backoff).toEqual({ firstMs: 10, maxMs: 50, factor: 3, jitter: 0 });
    expect(timeouts).toEqual({ totalMs: 2000 });
  });

  it('CircuitBreaker takes its policy from resilience4j', () => {
    const { breaker } = only(
      route(
        {
          'filters[0].name': 'CircuitBreaker',
          'filters[0].args.name': 'c',
          'filters[0].args.statusCodes': '500,NOT_FOUND',
          'filters[0].args.fallbackUri': 'forward:/fallback/{id}',
        },
        {
          'resilience4j.circuitbreaker.configs.default.slidingWindowSize': 20,
          'resilience4j.circuitbreaker.instances.c.minimum-number-of-calls': 5,
          'resilience4j.circuitbreaker.instances.c.slidingWindowType': 'TIME_BASED',
          'resilience4j.circuitbreaker.instances.other.failureRateThreshold': 1,
          'resilience4j.timelimiter.instances.c.timeoutDuration': '3s',
        },
      ),
    );
    expect(breaker).toEqual({
      name: 'c',
      window: { kind: 'time', ms: 20_000 },
      minimumCalls: 5,
      failureRateThreshold: 50,
      slowCallRateThreshold: 100,
      slowCallDurationMs: 60_000,
      openMs: 60_000,
      halfOpenCalls: 10,
      timeoutMs: 3000,
      failureStatuses: [500, 404],
      fallbackPath: '/fallback/{id}',
    });
    expect(only(route({ 'filters[0]': 'CircuitBreaker' })).breaker).toMatchObject({ name: 'r', timeoutMs: 1000 });
  });
});

describe('targets', () => {
  it.each([
    ['http://up', 'http://up:80', [{ id: 'up:80', host: 'up', port: 80, weight: 1 }], undefined],
    ['http://up:81/p?x=9', 'http://up:81', [{ id: 'up:81', host: 'up', port: 81, weight: 1 }], undefined],
    ['ws://[::1]:9', 'http://[::1]:9', [{ id: '[::1]:9', host: '::1', port: 9, weight: 1 }], undefined],
    [
      'https://up',
      'https://up:443',
      [{ id: 'up:443', host: 'up', port: 443, weight: 1, secure: true }],
      { verify: true },
    ],
  ])('%s', (uri, id, endpoints, tls) => {
    const translation = route({ uri });
    expect(only(translation).action).toEqual({ kind: 'forward', cluster: id });
    expect(translation.clusters).toEqual([expect.objectContaining({ id, endpoints: { kind: 'static', endpoints } })]);
    expect(translation.clusters[0]?.tls).toEqual(tls);
  });

  it('lb:// is a discovered cluster, one for all routes', () => {
    const translation = translate({
      [`${P}.routes[0]`]: 'a=lb://orders,Path=/a',
      [`${P}.routes[1]`]: 'b=lb://orders,Path=/b,Method=GET',
    });
    expect(translation.problems).toEqual([]);
    expect(translation.routes.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(translation.routes[1]?.match).toMatchObject({ methods: ['GET'] });
    expect(translation.clusters.map(({ id, endpoints }) => [id, endpoints])).toEqual([
      ['lb://orders', { kind: 'discovered', service: 'orders' }],
    ]);
  });

  it.each([
    ['forward:/3rd', { kind: 'internal', path: '/3rd' }],
    ['no://op', { kind: 'respond', status: 200 }],
  ])('%s', (uri, action) => {
    expect(only(route({ uri })).action).toEqual(action);
  });

  it('timeouts of the route beat those of the client', () => {
    const client = { [`${P}.httpclient.response-timeout`]: '2s', [`${P}.httpclient.connect-timeout`]: 700 };
    expect(only(route({}, client)).timeouts).toEqual({ responseMs: 2000 });
    expect(only(route({ 'metadata.response-timeout': -1 }, client)).timeouts).toBeUndefined();
    const own = route({ 'metadata.response-timeout': 150, 'metadata.connect-timeout': 90 }, client);
    expect(only(own)).toMatchObject({ timeouts: { responseMs: 150 }, metadata: { 'response-timeout': 150 } });
    expect(own.clusters.map(({ connectTimeoutMs }) => connectTimeoutMs)).toEqual([90]);
    expect(route({}, client).clusters[0]).toMatchObject({ connectTimeoutMs: 700 });
  });
});

describe('the list of routes', () => {
  it('is sorted by order, then as written; disabled ones are left out', () => {
    const { routes } = translate({
      [`${P}.routes[0].id`]: 'late',
      [`${P}.routes[0].uri`]: 'http://a',
      [`${P}.routes[0].order`]: 10,
      [`${P}.routes[1]`]: 'first=http://a',
      [`${P}.routes[2]`]: 'second=http://a',
      [`${P}.routes[3].id`]: 'off',
      [`${P}.routes[3].uri`]: 'http://a',
      [`${P}.routes[3].enabled`]: false,
    });
    expect(routes.map(({ id }) => id)).toEqual(['first', 'second', 'late']);
    expect(routes[2]?.location).toEqual({ file: 'gateway.yml', line: 1, column: 9 });
  });

  it('comes from the new prefix alone where both have one', () => {
    const old = {
      'spring.cloud.gateway.routes[0]': 'old=http://a,Path=/old',
      'spring.cloud.gateway.routes[1]': 'old2=http://a',
    };
    expect(translate(old).routes.map(({ id }) => id)).toEqual(['old', 'old2']);
    expect(translate({ ...old, [`${P}.routes[0]`]: 'new=http://a' }).routes.map(({ id }) => id)).toEqual(['new']);
    expect(translate({ ...old, [`${P}.routes`]: '' }).routes).toEqual([]);
    expect(translate({ ...old, [`${P}.enabled`]: false }).routes).toEqual([]);
    expect(translate({ 'server.port': 1 })).toEqual({ routes: [], clusters: [], problems: [] });
  });

  it('holds discovered services when the locator is on', () => {
    const { routes, clusters } = translate(
      { [`${P}.discovery.locator.enabled`]: true, [`${P}.discovery.locator.lower-case-service-id`]: true },
      ['ORDERS'],
    );
    expect(routes[0]).toMatchObject({
      id: 'CardeaDiscoveryClient_ORDERS',
      match: { paths: [{ value: '/orders/**' }] },
      filters: [{ kind: 'rewrite-path', regex: '/orders/?(?<remaining>.*)', replacement: '/${remaining}' }],
      action: { cluster: 'lb://ORDERS' },
    });
    expect(clusters).toHaveLength(1);
  });
});

describe('trusted proxies', () => {
  it.each<[string, readonly string[]]>([
    ['127\\..*', ['127.0.0.0/8']],
    ['10\\.0\\..*|192\\.168\\.\\d+\\.\\d+', ['10.0.0.0/16', '192.168.0.0/16']],
    ['^10\\.1\\.2\\.3$', ['10.1.2.3/32']],
    ['.*', ['0.0.0.0/0', '::/0']],
  ])('%s', (pattern, trustedProxies) => {
    const { forwarding, problems } = route({}, { [`${P}.trusted-proxies`]: pattern });
    expect(problems).toEqual([]);
    expect(forwarding).toMatchObject({ trustedProxies, forwarded: true, xForwarded: { for: true, prefix: true } });
  });

  it('are asked for as CIDR blocks where the pattern is not plain', () => {
    const { forwarding, problems } = route({}, { [`${P}.trusted-proxies`]: '10\\.(1|2)\\..*' });
    expect(problems).toMatchObject([{ code: 'inexpressible-regex', location: { line: 3 } }]);
    expect(forwarding).toMatchObject({ trustedProxies: [], forwarded: false, xForwarded: { for: false } });
  });

  it('may be given as CIDR blocks, members switched off one by one', () => {
    const { forwarding } = route(
      {},
      {
        'cardea.gateway.trusted-proxies': '10.0.0.0/8',
        [`${P}.x-forwarded.port-enabled`]: false,
        [`${P}.forwarded.enabled`]: false,
      },
    );
    expect(forwarding).toEqual({
      trustedProxies: ['10.0.0.0/8'],
      xForwarded: { for: true, host: true, port: false, proto: true, prefix: true },
      forwarded: false,
    });
  });
});

describe('problems', () => {
  it.each<[Values, string, string]>([
    [{ 'predicates[0]': 'Nope=1' }, 'unknown-predicate', 'unknown predicate "Nope"; remove it'],
    [{ 'filters[0]': 'StripPrefx=1' }, 'unknown-filter', 'unknown filter "StripPrefx"; did you mean StripPrefix?'],
    [{ 'predicates[0]': 'Path' }, 'missing-argument', 'the predicate Path has no arguments; write Path=…'],
    [
      { 'filters[0]': 'StripPrefix=x' },
      'invalid-value',
      'StripPrefix.parts: "x" is not a whole number, at least 0; write a whole number, at least 0',
    ],
    [
      { 'filters[0]': 'RewritePath=a++,b' },
      'inexpressible-regex',
      'RewritePath.regexp: the pattern "a++" cannot be used: the possessive quantifier "++" has no equivalent; write it without Java-only syntax',
    ],
    [
      { 'filters[0]': 'SetStatus=NOPE' },
      'invalid-value',
      'SetStatus: "NOPE" is not a status; write a number such as 404 or a name such as NOT_FOUND',
    ],
    [
      { 'filters[0]': 'RedirectTo=200,/x' },
      'invalid-value',
      'RedirectTo: "200" is not a redirect; write a status from 300 to 399, such as 302',
    ],
    [
      { 'filters[0]': 'TokenRelay' },
      'unsupported',
      'TokenRelay is not supported; let clients send the token themselves',
    ],
    [
      { 'filters[0]': 'AddRequestHeader=X' },
      'missing-argument',
      'AddRequestHeader needs the argument value; add value',
    ],
    [
      { 'predicates[0]': 'After=tomorrow' },
      'invalid-value',
      'After: "tomorrow" is not a time; write it as 2026-01-31T12:00:00+01:00[Europe/Berlin] or in epoch milliseconds',
    ],
    [{ 'predicates[0]': 'Between=9,5' }, 'invalid-value', 'Between: 9 is not before 5; swap the two'],
    [{ uri: 'localhost:8080' }, 'invalid-uri', 'the uri "localhost:8080" leads nowhere; write http://localhost:8080'],
    [{ uri: '' }, 'missing-uri', 'route r has no uri; add uri: http://host:port or lb://service'],
    ...[
      ['${b}', '${b}'],
      ['$2', '$2'],
      ['a$', 'no group'],
    ].map(([text = '', group = '']): [Values, string, string] => [
      { 'filters[0]': `RewritePath=(?<a>x), /${text}` },
      'unknown-group',
      `RewritePath: "/${text}" refers to ${group}, which the pattern does not have; name a group of the pattern, or write \\$ for a dollar sign`,
    ]),
  ])('%j disables the route and says where', (members, code, text) => {
    const { routes, problems } = route(members);
    expect(routes).toEqual([]);
    expect(problems.map((problem) => `${problem.message}; ${problem.remedy ?? ''}`)).toEqual([text]);
    expect(problems[0]).toMatchObject({
      severity: 'error',
      code,
      subject: 'r',
      location: { file: 'gateway.yml', line: 'uri' in members ? 2 : 3, column: 9 },
    });
  });

  it('leave the other routes alone', () => {
    const { routes, problems } = translate({
      [`${P}.routes[0]`]: 'bad=http://a,Nope=1',
      [`${P}.routes[1]`]: 'good=http://a,Path=/a',
    });
    expect(routes.map(({ id }) => id)).toEqual(['good']);
    expect(problems).toMatchObject([{ subject: 'bad' }]);
  });

  it.each<[Values, Values, string, number]>([
    [{ 'filters[0]': 'FallbackHeaders' }, {}, 'FallbackHeaders is not supported', 3],
    [{ 'predicats[0]': 'Path=/a' }, {}, 'unknown key routes[0].predicats[0]', 3],
    [{ 'filters[0].name': 'Retry', 'filters[0].args.retires': 5 }, {}, 'Retry has no argument retires', 4],
    [
      {},
      { [`${P}.globalcors.cors-configurations.[/**].allowedOrigins`]: '*' },
      'globalcors has no effect (globalcors.cors-configurations./**.allowedOrigins)',
      3,
    ],
    [{}, { [`${P}.default-fliters[0]`]: 'StripPrefix' }, 'unknown key default-fliters[0]', 3],
    [
      { 'filters[0]': 'PrefixPath=/a', 'filters[1]': 'PrefixPath=/b' },
      {},
      'only the first PrefixPath of a route acts, default filters included',
      4,
    ],
  ])('%j %j warns', (members, more, message, line) => {
    const { routes, problems } = route(members, more);
    expect(routes).toHaveLength(1);
    expect(problems).toMatchObject([{ severity: 'warning', message, location: { line } }]);
  });
});

function pattern(value: string) {
  return { kind: 'pattern' as const, value, trailingSlash: true };
}

function host(value: string) {
  return { value, includePort: true, caseSensitive: true };
}

function regex(value: string) {
  return { kind: 'regex' as const, value };
}
