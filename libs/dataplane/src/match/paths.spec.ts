import type { Match, PathMatch } from '#traffic';
import { matched, pattern } from './router.fixture.ts';

describe('path patterns', () => {
  it.each<[string, string, boolean]>([
    ['/a', '/a', true],
    ['/a', '/a/', false],
    ['/a/', '/a/', true],
    ['/a/', '/a', false],
    ['/', '/', true],
    ['/', '/a', false],
    ['/a', '/A', false],
    ['a/b', '/a/b', true],
    ['/foo/*', '/foo/', true],
    ['/foo/*', '/foo', false],
    ['/foo/*', '/foo/a/b', false],
    ['/foo/*/bar', '/foo//bar', false],
    ['/foo/*/bar', '/foo/x/bar', true],
    ['/foo/**', '/foo', true],
    ['/foo/**', '/foo/', true],
    ['/foo/**', '/foo/a//b', true],
    ['/foo/**', '/foobar', false],
    ['/**', '/', true],
    ['/**/end', '/a/b/end', true],
    ['/**/end', '/a/b/end/c', false],
    ['/f?o', '/fxo', true],
    ['/f?o', '/fo', false],
    ['/f*o', '/fo', true],
    ['/*.js', '/a.b.js', true],
    ['/*.js', '/ajs', false],
    ['/a/b', '/a%2Fb', false],
    ['/a/*', '/a/b%2Fc', true],
    ['/caf\u00e9', '/caf%C3%A9', true],
    ['/a b', '/a%20b', true],
    ['/a/b', '/a;x=1/b;y', true],
    ['/a', '/a%zz', false],
    ['/a/{x}', '/a/', false],
    ['/a/{x:\\d{2}}', '/a/12', true],
    ['/a/{x:\\d{2}}', '/a/123', false],
    ['/a//b', '/a/b', false],
  ])('%s on %s: %s', (value, path, expected) => {
    expect(matched({ paths: [pattern(value)] }, path) !== undefined).toBe(expected);
  });

  it.each<[string, string, boolean]>([
    ['/a/{x}', '/a/1/', true],
    ['/a/{x}', '/a//', false],
    ['/a', '/a/', true],
    ['/a', '/a//', false],
    ['/', '//', false],
  ])('with the trailing slash ignored, %s on %s: %s', (value, path, expected) => {
    expect(matched({ paths: [pattern(value, { trailingSlash: true })] }, path) !== undefined).toBe(expected);
  });

  it.each<[string, string, Record<string, string>]>([
    ['/a/{x}/{y}', '/a/1/2', { x: '1', y: '2' }],
    ['/a/{x}', '/a/b%2Fc;m=1', { x: 'b/c' }],
    ['/{name}-{v:v\\d+}.txt', '/doc-v12.txt', { name: 'doc', v: 'v12' }],
    ['/{x:(a|b)+}/{y}', '/ab/c', { x: 'ab', y: 'c' }],
    ['/foo/{*rest}', '/foo', { rest: '' }],
    ['/foo/{*rest}', '/foo/', { rest: '/' }],
    ['/foo/{*rest}', '/foo/a/b', { rest: '/a/b' }],
    ['/{*start}/end', '/a/end/end', { start: '/a/end' }],
  ])('%s on %s captures', (value, path, variables) => {
    expect(matched({ paths: [pattern(value)] }, path)?.variables).toEqual(variables);
  });

  it('takes the variables of the first pattern that matches', () => {
    const paths = [pattern('/x/{a}'), pattern('/{b}/y'), pattern('/{c}/{d}')];
    expect(matched({ paths }, '/z/y')?.variables).toEqual({ b: 'z' });
  });

  it('ignores case when asked', () => {
    const paths = [pattern('/Api/{x:[a-c]+}', { ignoreCase: true })];
    expect(matched({ paths }, '/aPI/ABC')?.variables).toEqual({ x: 'ABC' });
    expect(matched({ paths }, '/aPI/abd')).toBeUndefined();
  });
});

describe('ant patterns on the normalized path', () => {
  it.each<[string, string, boolean]>([
    ['/users/**', '/users', true],
    ['/users/**', '/users/', true],
    ['/users/**', '/users/1/2', true],
    ['/users/**', '/usersx', false],
    ['/users/*', '/users/1', true],
    ['/users/*', '/users/', true],
    ['/users/*', '/users', false],
    ['/users/*', '/users/1/', false],
    ['/users/*', '/users/1/2', false],
    ['/users', '/users/', false],
    ['/users/', '/users', false],
    ['/users/', '/users/', true],
    ['/users**', '/usersx', true],
    ['/users**', '/users/x', false],
    ['/**/admin/**', '/admin', true],
    ['/**/admin/**', '/x/admin', true],
    ['/**/admin/**', '/x/y/admin/z', true],
    ['/**/admin/**', '/x/y', false],
    ['/a/b', '/a%2Fb', true],
    ['/a/b', '//a///b', true],
    ['/a/b', '/a;v=1/b;w', true],
    ['/**', '/', true],
  ])('%s on %s: %s', (value, path, expected) => {
    const paths: PathMatch[] = [{ kind: 'ant', value }];
    expect(matched({ paths, pathView: 'normalized' }, path) !== undefined).toBe(expected);
  });

  it('captures', () => {
    const paths: PathMatch[] = [{ kind: 'ant', value: '/{v:v\\d}/**/{name}' }];
    expect(matched({ paths }, '/v1/a//b/c')?.variables).toEqual({ v: 'v1', name: 'c' });
  });
});

describe('other ways to compare a path', () => {
  it.each<[PathMatch['kind'], string, string, boolean]>([
    ['exact', '/a/b', '/a/b', true],
    ['exact', '/a/b', '/a/b/', false],
    ['exact', '/a%20b', '/a b', true],
    ['exact', '/a/b', '/a%2Fb', false],
    ['prefix', '/a', '/a', true],
    ['prefix', '/a', '/a/b', true],
    ['prefix', '/a/', '/a', true],
    ['prefix', '/a', '/ab', false],
    ['prefix', '/', '/anything', true],
    ['text-prefix', '/a/b', '/a/bc/d', true],
    ['text-prefix', '/a/b', '/a/c', false],
    ['text-prefix', '/', '/x', true],
    ['regex', '/a/\\d+', '/a/12', true],
    ['regex', '/a/\\d+', '/a/12/', false],
    ['regex', 'a|b', '/a', false],
  ])('%s %s on %s: %s', (kind, value, path, expected) => {
    expect(matched({ paths: [{ kind, value }] }, path) !== undefined).toBe(expected);
    if (kind === 'regex') return;
    const upper: PathMatch = { kind, value: value.toUpperCase(), ignoreCase: true };
    expect(matched({ paths: [upper] }, path) !== undefined).toBe(expected);
  });

  it('leaves excepted paths alone', () => {
    const match: Match = { paths: [pattern('/**')], exceptPaths: [{ kind: 'ant', value: '/**/admin/**' }] };
    expect(matched(match, '/x')).toBeDefined();
    expect(matched(match, '/x/admin')).toBeUndefined();
  });
});
