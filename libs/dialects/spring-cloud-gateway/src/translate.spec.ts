import { only, P, route, translate, type Values } from './translate.fixture.ts';

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
    expect(only(translation).action).toEqual({ kind: 'forward', cluster: id, mergeSlashes: true });
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
    expect(forwarding).toMatchObject({ trustedProxies: [], forwarded: false, xForwarded: { for: true } });
  });

  it('let nothing be written while there are none, where the reference’s way is asked for', () => {
    const key = 'cardea.gateway.forwarded-headers';
    expect(route({}, {}).forwarding).toMatchObject({ trustedProxies: [], xForwarded: { for: true, host: true } });
    expect(route({}, { [key]: 'reference' }).forwarding).toMatchObject({
      trustedProxies: [],
      forwarded: false,
      xForwarded: { for: false, host: false },
    });
    expect(route({}, { [key]: 'refrence' }).problems).toMatchObject([
      { severity: 'error', message: `${key}: "refrence" is neither write nor reference` },
    ]);
    expect(route({}, { [`${P}.x-forwarded.enabled`]: false }).forwarding?.xForwarded.for).toBe(false);
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
