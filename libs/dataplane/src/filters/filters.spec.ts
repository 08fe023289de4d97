import { HeaderList, type TestRequest } from '#testing';
import type { Filter } from '#traffic';
import { compileFilter } from './compile-filter.ts';
import { type Lines, send } from './filters.fixture.ts';

function sentTarget(filters: Filter[], target: string, overrides: Partial<TestRequest> = {}): string {
  const { request } = send(filters, target, overrides);
  return request.query === undefined ? request.path : `${request.path}?${request.query}`;
}

function sentHeaders(filter: Filter, headers: Lines = [], overrides: Partial<TestRequest> = {}): Lines {
  return send([filter], '/', { headers: new HeaderList(headers), ...overrides }).request.headers.entries();
}

describe('headers of the request', () => {
  it('are added behind those that came', () => {
    const filter: Filter = { kind: 'add-header', on: 'request', name: 'X-A', value: '{v}', moreValues: ['2'] };
    expect(sentHeaders(filter, [['x-a', '0']])).toEqual([
      ['x-a', '0'],
      ['X-A', '{v}'],
      ['X-A', '2'],
    ]);
    expect(sentHeaders({ ...filter, variables: true }, [], { variables: { v: '1' } })[0]).toEqual(['X-A', '1']);
  });

  it.each<[Lines, Lines]>([
    [[], [['X-E', '3']]],
    [[['X-E', 'mine']], [['X-E', 'mine']]],
    [
      [['X-E', ' ']],
      [
        ['X-E', ' '],
        ['X-E', '3'],
      ],
    ],
  ])('are added to %j only where no value is', (before, after) => {
    expect(sentHeaders({ kind: 'add-header', on: 'request', name: 'X-E', value: '3', ifAbsent: true }, before)).toEqual(
      after,
    );
  });

  it('are set, removed and copied', () => {
    const before: Lines = [
      ['x-s', 'two'],
      ['X-Gone', 'x'],
      ['X-S', 'three'],
    ];
    expect(sentHeaders({ kind: 'set-header', on: 'request', name: 'X-S', value: 'one' }, before)).toEqual([
      ['X-S', 'one'],
      ['X-Gone', 'x'],
    ]);
    expect(sentHeaders({ kind: 'remove-header', on: 'request', names: ['X-GONE', 'X-None'] }, before)).toEqual([
      ['x-s', 'two'],
      ['X-S', 'three'],
    ]);
    expect(sentHeaders({ kind: 'copy-header', on: 'request', from: 'X-S', to: 'X-To' }, before).slice(3)).toEqual([
      ['X-To', 'two'],
      ['X-To', 'three'],
    ]);
    expect(sentHeaders({ kind: 'copy-header', on: 'request', from: 'X-None', to: 'X-To' }, before)).toEqual(before);
  });

  it('never let a variable begin a line of its own', () => {
    const filter: Filter = { kind: 'set-header', on: 'request', name: 'X-V', value: '{v}', variables: true };
    expect(() => sentHeaders(filter, [], { variables: { v: 'a\r\nX-Evil: 1' } })).toThrow(/control character/);
    // U+010D and U+010A are CR and LF to a writer that cuts to one byte.
    expect(sentHeaders(filter, [], { variables: { v: '\u010d\u010a' } })).toEqual([
      ['X-V', '\u00c4\u008d\u00c4\u008a'],
    ]);
  });

  it('need every variable that they name', () => {
    const filter: Filter = { kind: 'set-header', on: 'request', name: 'X-V', value: '{missing}', variables: true };
    expect(() => sentHeaders(filter)).toThrow(/captures \{missing\}/);
    expect(() => sentHeaders({ ...filter, value: '{constructor}' })).toThrow(/captures \{constructor\}/);
  });
});

describe('the path', () => {
  it.each<[number, string, string]>([
    [2, '/p03/a/b/', '/b/'],
    [2, '/p03/a', '/'],
    [2, '/p03//a///b', '/b'],
    [1, '/p03/', '/'],
    [0, '/a//b', '/a/b'],
    [1, '/a/b%2Fc/d;x', '/b%2Fc/d;x'],
  ])('loses %d segments: %s becomes %s', (count, path, expected) => {
    expect(sentTarget([{ kind: 'strip-segments', count }], path)).toBe(expected);
  });

  it.each<[string, string, string]>([
    ['/users', '/users/1/2', '/1/2'],
    ['/users', '/users', '/'],
    ['/users', '/users/', '/'],
    ['/users', '/usersx/1', '/usersx/1'],
    ['/a/b', '//a///b/c//d', '/c//d'],
    ['/users', '/%75sers;v=1/a%20b', '/a%20b'],
    ['/users', '/users%2Fa%20b', '/a%20b'],
    ['/users', '/x/users/1', '/x/users/1'],
    ['/', '/x', '/x'],
  ])('loses the prefix %s: %s becomes %s', (prefix, path, expected) => {
    expect(sentTarget([{ kind: 'strip-prefix', prefix }], path)).toBe(expected);
  });

  it('gets one prefix, the first, when Spring says once', () => {
    const prefix = (text: string, once: boolean): Filter => ({
      kind: 'prefix-path',
      prefix: text,
      once,
      variables: true,
    });
    expect(sentTarget([prefix('/a', true), prefix('/b', true)], '/x')).toBe('/a/x');
    expect(sentTarget([prefix('/a', false), prefix('/b', false)], '/x')).toBe('/b/a/x');
    expect(sentTarget([prefix('/{v}', true)], '/x%20y', { variables: { v: 'a/b c' } })).toBe('/a/b%20c/x%20y');
  });

  it.each<[string, Record<string, string>, string]>([
    ['/set/{seg}', { seg: 'x y' }, '/set/x%20y?k=1'],
    ['/set/{seg}', { seg: 'a/b%' }, '/set/a/b%25?k=1'],
    ['/a%20b c', {}, '/a%20b%20c?k=1'],
  ])('is set to %s', (path, variables, expected) => {
    expect(sentTarget([{ kind: 'set-path', path, variables: true }], '/old?k=1', { variables })).toBe(expected);
  });

  it.each<[string, string, string, string]>([
    ['/p02/(?<rest>.*)', '/${rest}', '/p02/a/b%2Fc?x=%20y', '/a/b%2Fc?x=%20y'],
    ['/p02/(?<rest>.*)', '/${rest}', '/p02/', '/'],
    ['/foo', '', '/foo/foo/bar', '/bar'],
    ['/(\\w+)/(\\w+)', '/$2/$1', '/a/b', '/b/a'],
    ['(b)', '$10', '/abc', '/ab0c'],
    ['(x)?b', '[$1$0]', '/ab', '/a[b]'],
    ['b', '\\$1\\\\', '/abc', '/a$1\\c'],
    ['nothing', 'x', '/abc', '/abc'],
  ])('is rewritten by %s to %s: %s becomes %s', (regex, replacement, target, expected) => {
    expect(sentTarget([{ kind: 'rewrite-path', regex, replacement }], target)).toBe(expected);
  });

  it.each([
    ['/', 'no slash'],
    ['b', ' '],
    ['b', '?x='],
    ['b', '\u010d'],
  ])('is refused when %s is replaced by %j', (regex, replacement) => {
    expect(() => sentTarget([{ kind: 'rewrite-path', regex, replacement }], '/abc')).toThrow(/made the path/);
  });

  it('is not searched when it is absurdly long', () => {
    const { answer } = send([{ kind: 'rewrite-path', regex: 'a', replacement: 'b' }], `/${'a'.repeat(9_000)}`);
    expect(answer).toMatchObject({ status: 414, outcome: 'client-too-large' });
  });

  it.each([
    ['(a)', '$2'],
    ['(a)', '${name}'],
    ['(?<n>a)', '${n'],
    ['a', 'x$'],
    ['a', 'x\\'],
    ['(', 'x'],
  ])('refuses %s with %s before any request comes', (regex, replacement) => {
    expect(() => compileFilter({ kind: 'rewrite-path', regex, replacement })).toThrow(
      expect.objectContaining({ name: 'CardeaError' }),
    );
  });
});

describe('the query', () => {
  const add: Filter = { kind: 'add-query', name: 'k', value: 'v' };
  const rewrite: Filter = { kind: 'rewrite-query', name: 'r', value: 'new' };

  it.each<[Filter[], string, string]>([
    [[add], '/p08', '/p08?k=v'],
    [[add], '/p08?', '/p08?k=v'],
    [[add], '/p08?e=%7B%7D&f=a+b', '/p08?e=%7B%7D&f=a+b&k=v'],
    [[{ kind: 'add-query', name: 'k', value: 'a b%20c' }], '/', '/?k=a%20b%20c'],
    [[add, rewrite], '/p08?r=1&z=2&r=3', '/p08?z=2&k=v&r=new'],
    [[add, rewrite], '/p08?z=a,b', '/p08?z=a%2Cb&k=v'],
    [[rewrite], '/p08', '/p08'],
    [[rewrite], '/?a=1&b&a=+2', '/?a=1&a=%202&b'],
    [[{ kind: 'remove-query', name: 'r' }], '/?a,=1&%72=2&r', '/?a%2C=1'],
    [[{ kind: 'remove-query', name: 'r' }], '/?r=1', '/'],
    [[{ kind: 'remove-query', name: 'r' }], '/?a=b,c', '/?a=b,c'],
  ])('through %j: %s becomes %s', (filters, target, expected) => {
    expect(sentTarget(filters, target)).toBe(expected);
  });

  it('encodes variables so that they stay one value', () => {
    const filter: Filter = { kind: 'add-query', name: 'k', value: '{v}', variables: true };
    expect(sentTarget([filter], '/', { variables: { v: 'a&b=c' } })).toBe('/?k=a%26b%3Dc');
  });
});

describe('the target', () => {
  it('takes the host of the client, a fixed one, or one with variables', () => {
    const host = (filter: Filter, overrides: Partial<TestRequest> = {}) =>
      send([filter], '/', overrides).request.upstreamHost;
    expect(host({ kind: 'preserve-host' }, { authority: 'client.example:81' })).toBe('client.example:81');
    expect(host({ kind: 'preserve-host' }, { authority: '' })).toBeUndefined();
    const set: Filter = { kind: 'set-host', host: '{sub}.example', variables: true };
    expect(host(set, { variables: { sub: 'a' } })).toBe('a.example');
  });

  it('is replaced by a URI, or by one that the client names', () => {
    const uri = (filter: Filter, overrides: Partial<TestRequest> = {}) =>
      send([filter], '/', overrides).request.upstreamUri;
    const set: Filter = { kind: 'set-uri', uri: 'http://up:9002/{x}?z=1', variables: true };
    expect(uri(set, { variables: { x: 'a/b' } })).toBe('http://up:9002/a%2Fb?z=1');
    const named = (value: string) =>
      uri({ kind: 'uri-from-header', header: 'X-Target' }, { headers: new HeaderList([['x-target', value]]) });
    expect(named('http://up:9002/t?u=1')).toBe('http://up:9002/t?u=1');
    expect(['/relative', 'ftp://x/', 'http://', 'http://a b/', 'file:///etc/passwd'].map(named)).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
    expect(uri({ kind: 'uri-from-header', header: 'X-Target' })).toBeUndefined();
  });

  it.each<[string | undefined, string, string | undefined]>([
    [undefined, '/api', '/api'],
    ['/outer', '/api', '/outer/api'],
    ['/outer/', '/api', '/outer/api'],
    ['/', '/api', '/api'],
    [undefined, '', undefined],
  ])('joins the prefix %s and %s', (outer, prefix, expected) => {
    const headers = new HeaderList(outer === undefined ? [] : [['X-Forwarded-Prefix', outer]]);
    const { request } = send([{ kind: 'prefix-header', prefix }], '/', { headers });
    expect(request.headers.get('x-forwarded-prefix')).toBe(expected);
  });
});

it('refuses a filter that is not in the model', () => {
  const unknown: Filter = JSON.parse('{"kind":"toString"}');
  expect(() => compileFilter(unknown)).toThrow(/no filter "toString"/);
});
