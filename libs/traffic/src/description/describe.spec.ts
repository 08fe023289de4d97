import { cluster, endpoint, retryPolicy, breakerPolicy, route } from '../builders.ts';
import type { Match } from '../match.ts';
import { describeMatch } from './describe-match.ts';
import { describeRoute } from './describe-route.ts';

describe('a match in words', () => {
  it.each<[Match, string]>([
    [{}, 'every request'],
    [
      {
        paths: [
          { kind: 'pattern', value: '/a/**' },
          { kind: 'regex', value: '/b.' },
        ],
        methods: ['GET', 'PUT'],
      },
      'Path /a/**, ~/b. and Method GET, PUT',
    ],
    [{ hosts: [{ value: '**.a.org' }], exceptPaths: [{ kind: 'ant', value: '/x' }] }, 'Host **.a.org and except /x'],
    [
      {
        headers: [{ name: 'X', match: { kind: 'present' }, invert: true }],
        query: [{ name: 'q', match: { kind: 'regex', value: '.+' } }],
      },
      'not Header X and Query q~.+',
    ],
    [
      {
        cookies: [
          { name: 'c', match: { kind: 'exact', value: 'v' } },
          { name: 'd', match: { kind: 'prefix', value: 'w' } },
        ],
      },
      'Cookie c=v and Cookie d=w…',
    ],
    [
      { remoteAddresses: { cidrs: ['10.0.0.0/8'], source: 'client' }, time: { after: 0, before: 1 } },
      'client address 10.0.0.0/8 and after 1970-01-01T00:00:00.000Z and before 1970-01-01T00:00:00.001Z',
    ],
    [
      { remoteAddresses: { cidrs: ['::1/128'], source: 'peer' }, weight: { group: 'g', weight: 3 } },
      'peer address ::1/128 and weight 3 in g',
    ],
  ])('%j', (match, text) => {
    expect(describeMatch(match)).toBe(text);
  });
});

describe('a route in words', () => {
  const clusters = new Map(
    [
      cluster({ id: 'orders' }),
      cluster({ id: 'none', endpoints: { kind: 'static', endpoints: [] } }),
      cluster({
        id: 'tls',
        tls: { verify: true },
        endpoints: { kind: 'static', endpoints: [endpoint({ host: '::1', port: 1 })] },
      }),
    ].map((each) => [each.id, each]),
  );

  it('names filters with their arguments, policies behind them', () => {
    const described = describeRoute(
      route({
        id: 'r',
        filters: [
          { kind: 'strip-segments', count: 1 },
          { kind: 'remove-header', on: 'request', names: ['A', 'B'] },
          { kind: 'set-path', path: '/{x}', variables: true },
          { kind: 'prefix-path', prefix: '/p', once: true },
          { kind: 'secure-headers', headers: { A: 'b' } },
          { kind: 'preserve-host' },
        ],
        action: { kind: 'forward', cluster: 'orders', basePath: '/base' },
        retry: retryPolicy({ retries: 2, methods: ['GET'] }),
        breaker: breakerPolicy({ name: 'c', fallbackPath: '/f' }),
      }),
      clusters,
    );
    expect(described).toEqual({
      predicate: 'every request',
      target: 'service orders/base',
      filters: [
        'strip-segments count=1',
        'remove-header on=request names=A,B',
        'set-path path=/{x}',
        'prefix-path prefix=/p once',
        'secure-headers headers={"A":"b"}',
        'preserve-host',
        'retry retries=2 methods=GET',
        'circuit-breaker name=c fallback=/f',
      ],
    });
  });

  it.each([
    [{ kind: 'respond', status: 200 }, 'answers 200'],
    [{ kind: 'internal', path: '/x' }, 'forward:/x'],
    [{ kind: 'forward', cluster: 'gone' }, 'gone'],
    [{ kind: 'forward', cluster: 'none' }, 'no server'],
    [{ kind: 'forward', cluster: 'tls' }, 'https://[::1]:1'],
  ] as const)('%j leads to %s', (action, target) => {
    expect(describeRoute(route({ id: 'r', action }), clusters).target).toBe(target);
  });
});
