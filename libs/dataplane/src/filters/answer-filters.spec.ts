import { filteredRequest, filteredResponse, type TestRequest } from '#testing';
import type { Filter } from '#traffic';
import { compileFilter } from './compile-filter.ts';
import { answerOf, type Lines } from './filters.fixture.ts';

function received(filter: Filter, headers: Lines, request: TestRequest = filteredRequest('/')): Lines {
  const response = filteredResponse(200, headers);
  compileFilter(filter).onResponse?.(response, request);
  return response.headers.entries();
}

describe('answers', () => {
  it('redirect, with the query when asked', () => {
    const redirect: Filter = { kind: 'redirect', status: 301, location: 'https://new.example/there' };
    expect(answerOf(redirect, '/p16?a=1')).toEqual({
      status: 301,
      headers: [['Location', 'https://new.example/there']],
      body: '',
      outcome: 'redirected',
    });
    const location = (text: string, target: string) =>
      answerOf({ ...redirect, location: text, includeQuery: true }, target).headers[0]?.[1];
    expect(location('/there', '/?a=1&b=%20')).toBe('/there?a=1&b=%20');
    expect(location('/there?x', '/?a="')).toBe('/there?x&a=%22');
    expect(location('/there', '/')).toBe('/there');
  });

  it('respond with what is written', () => {
    expect(answerOf({ kind: 'respond', status: 418, headers: { 'X-Tea': 'pot' }, body: 'short' }, '/')).toEqual({
      status: 418,
      headers: [['X-Tea', 'pot']],
      body: 'short',
      outcome: 'responded-locally',
    });
  });

  it('set the status and keep the original in a header', () => {
    const response = filteredResponse(200);
    compileFilter({ kind: 'set-status', status: 502, originalStatusHeader: 'X-Original' }).onResponse?.(
      response,
      filteredRequest('/'),
    );
    expect(response.status).toBe(502);
    expect(response.headers.entries()).toEqual([['X-Original', '[200]']]);
  });
});

describe('headers of the response', () => {
  it('are rewritten value by value', () => {
    const filter: Filter = {
      kind: 'rewrite-header',
      on: 'response',
      name: 'X-P',
      regex: 'password=[^&]+',
      replacement: 'password=***',
    };
    const lines: Lines = [
      ['x-p', 'user=a&password=b&c=d'],
      ['x-p', 'none'],
    ];
    expect(received(filter, lines)).toEqual([
      ['X-P', 'user=a&password=***&c=d'],
      ['X-P', 'none'],
    ]);
    expect(received(filter, [['x-p', 'untouched']])).toEqual([['x-p', 'untouched']]);
    expect(received(filter, [])).toEqual([]);
  });

  it.each<['first' | 'last' | 'unique', string[]]>([
    ['first', ['a']],
    ['last', ['a']],
    ['unique', ['a', 'b']],
  ])('are deduplicated, keeping %s', (keep, expected) => {
    const filter: Filter = { kind: 'dedupe-header', on: 'response', names: ['X-U', 'X-One'], keep };
    const lines: Lines = [
      ['X-U', 'a'],
      ['X-U', 'b'],
      ['X-One', '1'],
      ['X-U', 'a'],
    ];
    const after = received(filter, lines);
    expect(after.filter(([name]) => name === 'X-U').map(([, value]) => value)).toEqual(expected);
    expect(after).toContainEqual(['X-One', '1']);
  });

  it('are secured where the upstream did not decide', () => {
    const filter: Filter = {
      kind: 'secure-headers',
      headers: { 'Referrer-Policy': 'no-referrer', 'X-Frame-Options': 'DENY' },
    };
    expect(received(filter, [['referrer-policy', 'origin']])).toEqual([
      ['referrer-policy', 'origin'],
      ['X-Frame-Options', 'DENY'],
    ]);
  });

  it('are added from variables of the request', () => {
    const filter: Filter = { kind: 'add-header', on: 'response', name: 'X-R', value: '{b}', variables: true };
    expect(received(filter, [['X-R', 'x']], filteredRequest('/', { variables: { b: 'r' } }))).toEqual([
      ['X-R', 'x'],
      ['X-R', 'r'],
    ]);
  });

  it.each<['never' | 'always' | 'as-in-request', string, string, string]>([
    ['never', '/p18', 'http://svc:9/v3/x', 'http://gw.example/v3/x'],
    ['always', '/v1/x', 'https://svc/v3/x', 'https://gw.example/x'],
    ['as-in-request', '/x', 'http://svc/v3/x', 'http://gw.example/x'],
    ['as-in-request', '/v3/x', 'http://svc/v3/x', 'http://gw.example/v3/x'],
    ['never', '/', 'http://svc', 'http://svc'],
    ['never', '/', '/relative', '/relative'],
    ['never', '/', 'ws://svc/x', 'ws://svc/x'],
  ])('point back at the gateway: %s on %s, %s becomes %s', (stripVersion, path, location, expected) => {
    const filter: Filter = { kind: 'rewrite-location', header: 'Location', stripVersion, protocols: 'https?|ftps?' };
    const own = { ...filter, host: 'gw.example' };
    expect(received(own, [['Location', location]], filteredRequest(path))).toEqual([['Location', expected]]);
    const hosted = filteredRequest(path, { authority: 'gw.example' });
    expect(received(filter, [['Location', location]], hosted)).toEqual([['Location', expected]]);
  });

  it('cannot hold control characters', () => {
    expect(() => compileFilter({ kind: 'set-header', on: 'response', name: 'X', value: 'a\nb' })).toThrow(/control/);
  });
});
