import * as fc from 'fast-check';
import { filteredRequest, HeaderList, type TestRequest } from '#testing';
import type { Match, PathMatch } from '#traffic';
import { matched, pattern, route } from './router.fixture.ts';
import { compileRouter } from './router.ts';

const headers = (...lines: [string, string][]) => ({ headers: new HeaderList(lines) });

describe('hosts', () => {
  it.each<[string, string, boolean]>([
    ['a.org', 'a.org', true],
    ['a.org', 'A.Org:8080', true],
    ['a.org:8080', 'a.org', false],
    ['a.org:8080', 'a.org:8080', true],
    ['a.org:*', 'a.org:99', true],
    ['*.a.org', 'b.a.org', true],
    ['*.a.org', 'a.org', false],
    ['*.a.org', 'c.b.a.org', false],
    ['**.a.org', 'a.org', true],
    ['**.a.org', 'c.b.a.org:1', true],
    ['**.a.org', 'xa.org', false],
    ['a.*', 'a.com', true],
    ['**', '', false],
    ['[::1]', '[::1]:80', true],
    ['api-?.a.org', 'api-2.a.org', true],
  ])('%s on %j: %s', (value, authority, expected) => {
    expect(matched({ hosts: [{ value }] }, '/', { authority }) !== undefined).toBe(expected);
  });

  it('compares the port and the case when asked', () => {
    const port: Match = { hosts: [{ value: 'a.org', includePort: true }] };
    expect(matched(port, '/', { authority: 'a.org:80' })).toBeUndefined();
    expect(matched(port, '/', { authority: 'a.org' })).toBeDefined();
    const sensitive: Match = { hosts: [{ value: 'a.org', caseSensitive: true }] };
    expect(matched(sensitive, '/', { authority: 'A.org' })).toBeUndefined();
  });

  it('captures labels; a path variable of that name wins', () => {
    const match: Match = { hosts: [{ value: '{sub:[a-z]+}.{x}.org' }], paths: [pattern('/{x}')] };
    expect(matched(match, '/path', { authority: 'api.host.org:80' })?.variables).toEqual({ sub: 'api', x: 'path' });
  });
});

describe('headers, query, cookies', () => {
  it.each<[Match, Partial<TestRequest>, boolean]>([
    [{ headers: [{ name: 'X-A', match: { kind: 'present' } }] }, headers(['x-a', '']), true],
    [{ headers: [{ name: 'X-A', match: { kind: 'present' }, invert: true }] }, headers(['x-a', '']), false],
    [{ headers: [{ name: 'X-A', match: { kind: 'regex', value: '\\d+' } }] }, headers(['x-a', '1a']), false],
    [
      { headers: [{ name: 'X-A', match: { kind: 'regex', value: '\\d+' } }] },
      headers(['X-A', 'b'], ['x-a', '1']),
      true,
    ],
    [{ headers: [{ name: 'x', match: { kind: 'exact', value: 'b' } }] }, headers(['x', 'a, b']), false],
    [
      { headers: [{ name: 'x', match: { kind: 'exact', value: 'b' }, splitCommas: true }] },
      headers(['x', 'a, b']),
      true,
    ],
    [
      { headers: [{ name: 'x', match: { kind: 'exact', value: '"a, b"' }, splitCommas: true }] },
      headers(['x', '"a, b", c']),
      true,
    ],
    [
      { headers: [{ name: 'x', match: { kind: 'prefix', value: 'AB', ignoreCase: true } }] },
      headers(['x', 'abc']),
      true,
    ],
    [{ headers: [{ name: 'x', match: { kind: 'exact', value: 'a' }, invert: true }] }, headers(), true],
    [{ cookies: [{ name: 'c', match: { kind: 'regex', value: 'v\\d' } }] }, headers(['Cookie', 'a=1; c=v1']), true],
    [{ cookies: [{ name: 'c', match: { kind: 'exact', value: 'q' } }] }, headers(['Cookie', 'c="q"']), true],
    [{ cookies: [{ name: 'c', match: { kind: 'present' } }] }, headers(['Cookie', 'cc=v1']), false],
  ])('%j', (match, request, expected) => {
    expect(matched(match, '/', request) !== undefined).toBe(expected);
  });

  it.each<[string, NonNullable<Match['query']>[number]['match'], boolean]>([
    ['/?p', { kind: 'present' }, true],
    ['/?x=1&p=', { kind: 'present' }, true],
    ['/?pp=1', { kind: 'present' }, false],
    ['/', { kind: 'present' }, false],
    ['/?p=a+b', { kind: 'exact', value: 'a b' }, true],
    ['/?%70=a%20b', { kind: 'exact', value: 'a b' }, true],
    ['/?p=1&p=22', { kind: 'regex', value: '\\d\\d' }, true],
    ['/?p', { kind: 'regex', value: '.*' }, false],
    ['/?p=', { kind: 'regex', value: '.*' }, true],
  ])('%s with %j: %s', (target, match, expected) => {
    expect(matched({ query: [{ name: 'p', match }] }, target) !== undefined).toBe(expected);
  });

  it('asks all of them', () => {
    const query = ['a', 'b'].map((name) => ({ name, match: { kind: 'present' as const } }));
    expect(matched({ query }, '/?a')).toBeUndefined();
    expect(matched({ query }, '/?a&b')).toBeDefined();
  });
});

describe('addresses, methods, time', () => {
  it.each<[string, string, boolean]>([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['::1', '::1', true],
    ['fd00::/8', 'fd12::1', true],
    ['fd00::/8', '10.0.0.1', false],
    ['0.0.0.0/0', 'not an address', false],
    ['127.0.0.0/8', '0x7f.1', false],
    ['fe80::/10', 'fe80::1%eth0', true],
  ])('%s holds %s: %s', (cidr, peerAddress, expected) => {
    const router = compileRouter([route('it', { remoteAddresses: { cidrs: [cidr], source: 'peer' } })]);
    for (let again = 0; again < 2; again++) {
      expect(router.match(filteredRequest('/', { peerAddress })) !== undefined).toBe(expected);
    }
  });

  it('looks at the client instead of the peer when told to', () => {
    const match: Match = { remoteAddresses: { cidrs: ['10.0.0.1'], source: 'client' } };
    expect(matched(match, '/', { clientAddress: '10.0.0.1' })).toBeDefined();
    expect(matched(match, '/', { peerAddress: '10.0.0.1' })).toBeUndefined();
  });

  it('takes any of the methods, as they are written', () => {
    expect(matched({ methods: ['GET', 'PUT'] }, '/', { method: 'PUT' })).toBeDefined();
    expect(matched({ methods: ['GET', 'PUT'] }, '/', { method: 'put' })).toBeUndefined();
  });

  it('holds strictly between two moments', () => {
    let now = 0;
    const router = compileRouter([route('it', { time: { after: 100, before: 200 } })], { now: () => now });
    const at = (time: number) => {
      now = time;
      return router.match(filteredRequest('/')) !== undefined;
    };
    expect([100, 101, 199, 200].map(at)).toEqual([false, true, true, false]);
  });
});

describe('weights', () => {
  const weighted = (id: string, weight: number, more: Match = {}) =>
    route(id, { ...more, weight: { group: 'g', weight } });

  it('draws once per request and group, over the whole group', () => {
    let draws = 0;
    let next = 0;
    const random = () => {
      draws++;
      return next;
    };
    const router = compileRouter([weighted('a', 1), weighted('none', 0), weighted('b', 3)], { random });
    const drawn = (value: number) => {
      next = value;
      return router.match(filteredRequest('/'))?.route.id;
    };
    expect([0, 0.249, 0.25, 0.999].map(drawn)).toEqual(['a', 'a', 'b', 'b']);
    expect(draws).toBe(4);
  });

  it('gives nobody else the share of a drawn route that fails otherwise', () => {
    const routes = [weighted('a', 1, { methods: ['POST'] }), weighted('b', 1), route('rest', {})];
    const router = compileRouter(routes, { random: () => 0 });
    expect(router.match(filteredRequest('/'))?.route.id).toBe('rest');
  });

  it('gives nothing when all are zero', () => {
    expect(compileRouter([weighted('a', 0)]).match(filteredRequest('/'))).toBeUndefined();
  });
});

describe('the index', () => {
  const segment = fc.constantFrom('a', 'b', '', '*', '**', '{x}', 'a*', '%61', 'a%2Fb');
  const literal = fc.constantFrom('a', 'b', '', 'ab', '%61', 'a%2Fb', 'a;p=1', 'A');
  const join = (parts: string[]) => `/${parts.join('/')}`;
  const anyPath: fc.Arbitrary<PathMatch> = fc.record({
    kind: fc.constantFrom('exact', 'prefix', 'text-prefix', 'pattern', 'ant'),
    value: fc.array(segment, { maxLength: 4 }).map(join),
    ignoreCase: fc.boolean(),
    trailingSlash: fc.boolean(),
  });
  const anyHost = fc.record({
    value: fc.constantFrom(
      'a.org',
      '*.a.org',
      '**.a.org',
      '**.org',
      'b.*',
      '{x}.a.org',
      'a.org:80',
      'a.org:*',
      'A.ORG',
    ),
    includePort: fc.boolean(),
    caseSensitive: fc.boolean(),
  });
  const optional = <T>(items: fc.Arbitrary<T>) =>
    fc.option(fc.array(items, { minLength: 1, maxLength: 2 }), { nil: undefined });
  const anyMatch = fc.record({
    paths: optional(anyPath),
    hosts: optional(anyHost),
    methods: optional(fc.constantFrom('GET', 'POST')),
    pathView: fc.constantFrom('raw' as const, 'normalized' as const),
  });
  const anyRequest = fc.record({
    path: fc.array(literal, { maxLength: 5 }).map(join),
    authority: fc.constantFrom('', 'a.org', 'A.org:80', 'b.a.org', 'c.b.a.org:81', 'b.com', 'org'),
    method: fc.constantFrom('GET', 'POST'),
  });

  it('finds the first route in list order that matches, as trying each would', () => {
    fc.assert(
      fc.property(
        fc.array(anyMatch, { maxLength: 30 }),
        fc.array(anyRequest, { maxLength: 10 }),
        (matches, requests) => {
          const routes = matches.map((match, index) =>
            route(`${index}`, Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined))),
          );
          const router = compileRouter(routes);
          for (const { path, ...rest } of requests) {
            const request = filteredRequest(path, rest);
            const naive = router.explain(request).routes.find((explanation) => explanation.matched);
            expect(router.match(request)?.route.id).toBe(naive?.route.id);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it.each([10, 10_000])('looks at one route of %d, wherever it stands', (count) => {
    const byPath = Array.from({ length: count }, (_, n) => route(`p${n}`, { paths: [pattern(`/service-${n}/**`)] }));
    const byHost = Array.from({ length: count }, (_, n) => route(`h${n}`, { hosts: [{ value: `*.h${n}.org` }] }));
    const behindVariable = Array.from({ length: count }, (_, n) => route(`v${n}`, { paths: [pattern(`/{x}/${n}`)] }));
    const router = compileRouter([...byHost, ...byPath, ...behindVariable, route('rest', {})]);
    const cost = (path: string, authority: string, id: string) => {
      const before = router.examined;
      expect(router.match(filteredRequest(path, { authority }))?.route.id).toBe(id);
      return router.examined - before;
    };
    const last = count - 1;
    expect(cost(`/service-${last}/a`, 'x.org', `p${last}`)).toBe(1);
    expect(cost('/', `a.h${last}.org`, `h${last}`)).toBe(1);
    expect(cost(`/q/${last}`, 'x.org', `v${last}`)).toBe(1);
    expect(cost('/nothing', 'x.org', 'rest')).toBe(1);
  });

  it('has a place for any segment name', () => {
    expect(matched({ paths: [pattern('/__proto__/constructor')] }, '/__proto__/constructor')).toBeDefined();
    expect(matched({ paths: [pattern('/a')] }, '/toString')).toBeUndefined();
  });
});

describe('explain', () => {
  it('tells for each route what was asked and what was there', () => {
    const router = compileRouter([
      route('orders', {
        methods: ['POST'],
        paths: [pattern('/orders/**')],
        headers: [{ name: 'X-Team', match: { kind: 'exact', value: 'blue' } }],
      }),
      route('rest', { exceptPaths: [{ kind: 'ant', value: '/admin/**' }] }),
    ]);
    const { match, routes } = router.explain(filteredRequest('/orders/1'));
    expect(match?.route.id).toBe('rest');
    expect(routes[0]).toMatchObject({
      matched: false,
      checks: [
        { predicate: 'method', expected: 'POST', actual: 'GET', ok: false },
        { predicate: 'path', expected: '/orders/**', actual: '/orders/1', ok: true },
        { predicate: 'header X-Team', expected: 'exact blue', actual: '(none)', ok: false },
      ],
    });
    expect(routes[1]).toMatchObject({ matched: true, checks: [{ expected: 'not ant /admin/**', ok: true }] });
  });

  it('describes every kind of predicate', () => {
    const router = compileRouter(
      [
        route('all', {
          hosts: [{ value: '*.a.org' }],
          query: [{ name: 'q', match: { kind: 'present' }, invert: true }],
          cookies: [{ name: 'c', match: { kind: 'regex', value: 'x' } }],
          remoteAddresses: { cidrs: ['10.0.0.0/8'], source: 'client' },
          time: { after: 0 },
          weight: { group: 'g', weight: 0 },
        }),
      ],
      { now: () => 1 },
    );
    const { routes } = router.explain(filteredRequest('/?q=1', { authority: '' }));
    expect(routes[0]?.checks.map((check) => [check.predicate, check.expected, check.actual])).toEqual([
      ['host', '*.a.org', '(none)'],
      ['query q', 'not present', 'q=1'],
      ['cookie c', 'regex x', '(none)'],
      ['client address', '10.0.0.0/8', '127.0.0.1'],
      ['time', 'after 1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.001Z'],
      ['weight in g', 'drawn with weight 0', 'another route of the group was drawn'],
    ]);
  });
});

describe('a route that cannot be compiled', () => {
  it.each<Match>([
    { paths: [{ kind: 'regex', value: '(' }] },
    { paths: [pattern('/{x:[}')] },
    { headers: [{ name: 'x', match: { kind: 'regex', value: '*' } }] },
    { remoteAddresses: { cidrs: ['10.0.0.0/99'], source: 'peer' } },
  ])('%j is named', (match) => {
    expect(() => compileRouter([route('fine', {}), route('broken', match)])).toThrow(/^route "broken": /);
  });
});
