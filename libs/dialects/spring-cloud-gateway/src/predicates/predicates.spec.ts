import type { Match } from '#traffic';
import { only, P, route } from '../translate.fixture.ts';

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

function pattern(value: string) {
  return { kind: 'pattern' as const, value, trailingSlash: true };
}

function host(value: string) {
  return { value, includePort: true, caseSensitive: true };
}

function regex(value: string) {
  return { kind: 'regex' as const, value };
}
