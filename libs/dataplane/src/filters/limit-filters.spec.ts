import { filteredRequest, filteredResponse, HeaderList, ManualClock, type TestRequest } from '#testing';
import type { Filter, RateLimit } from '#traffic';
import { compileFilter } from './compile-filter.ts';
import { answerOf, send } from './filters.fixture.ts';
import { RateLimiters } from './rate-limiters.ts';

describe('limits', () => {
  it('refuse a body that is too large by its length', () => {
    const limit: Filter = { kind: 'request-size', maxBytes: 10 };
    expect(send([limit], '/', { contentLength: 10 }).answer).toBeUndefined();
    expect(send([limit], '/', { contentLength: undefined }).answer).toBeUndefined();
    expect(answerOf(limit, '/', { contentLength: 11 })).toEqual({
      status: 413,
      headers: [
        [
          'errorMessage',
          'Request size is larger than permissible limit. Request size is 11 B where permissible limit is 10 B',
        ],
      ],
      body: '',
      outcome: 'client-too-large',
    });
    expect(
      answerOf({ kind: 'request-size', maxBytes: 5_000_000 }, '/', { contentLength: 6_000_000 }).headers[0]?.[1],
    ).toMatch(/size is 6\.0 MB where permissible limit is 5\.0 MB$/);
    expect(answerOf({ kind: 'request-size', maxBytes: 999 }, '/', { contentLength: 1_500 }).headers[0]?.[1]).toMatch(
      /size is 1\.5 kB where permissible limit is 999 B$/,
    );
  });

  it('refuse a header that is too large with its name and all values', () => {
    const limit: Filter = { kind: 'request-header-size', maxBytes: 40, errorHeader: 'errorMessage' };
    const headers = new HeaderList([
      ['X-Long', 'x'.repeat(50)],
      ['X-Long2', 'y'.repeat(30)],
      ['x-long2', 'y'.repeat(30)],
      ['X-Fits', 'z'.repeat(34)],
    ]);
    expect(answerOf(limit, '/', { headers })).toMatchObject({
      status: 431,
      headers: [
        [
          'errorMessage',
          'Request Header/s size is larger than permissible limit (40B). ' +
            "Request Header/s size for 'X-Long2' is 67B. Request Header/s size for 'X-Long' is 56B.",
        ],
      ],
    });
    expect(send([limit], '/', { headers: new HeaderList([['X-Fits', 'z'.repeat(34)]]) }).answer).toBeUndefined();
  });

  const LIMIT: RateLimit = {
    replenishRate: 1,
    burstCapacity: 4,
    requestedTokens: 3,
    key: { kind: 'constant', value: 'k' },
    status: 429,
    emptyKey: 'deny',
    emptyKeyStatus: 403,
    headers: true,
  };
  const RATE_HEADERS = [
    ['X-RateLimit-Remaining', '1'],
    ['X-RateLimit-Requested-Tokens', '3'],
    ['X-RateLimit-Burst-Capacity', '4'],
    ['X-RateLimit-Replenish-Rate', '1'],
  ];

  it('count tokens per key and show them on both kinds of answer', () => {
    const clock = new ManualClock();
    const filter = compileFilter({ kind: 'rate-limit', limit: LIMIT }, { route: 'r', clock });
    const first = filteredRequest('/');
    expect(filter.onRequest?.(first)).toBeUndefined();
    const response = filteredResponse(200);
    filter.onResponse?.(response, first);
    expect(response.headers.entries()).toEqual(RATE_HEADERS);
    const refused = { status: 429, headers: RATE_HEADERS, body: '', outcome: 'rate-limited' };
    expect(filter.onRequest?.(filteredRequest('/'))).toEqual(refused);
    clock.advance(2_000);
    expect(filter.onRequest?.(filteredRequest('/'))).toBeUndefined();
  });

  it.each<[RateLimit['key'], Partial<TestRequest>]>([
    [{ kind: 'client-address' }, { clientAddress: '10.9.9.9' }],
    [{ kind: 'host' }, { authority: 'other.test' }],
    [{ kind: 'path' }, { originalPath: '/other' }],
    [{ kind: 'header', name: 'X-Key' }, { headers: new HeaderList([['x-key', 'other']]) }],
  ])('keep buckets apart by %j', (key, other) => {
    const filter = compileFilter({ kind: 'rate-limit', limit: { ...LIMIT, key, headers: false } });
    const one = { headers: new HeaderList([['x-key', 'one']]) };
    const statuses = [one, one, other].map((request) => filter.onRequest?.(filteredRequest('/', request))?.status);
    expect(statuses).toEqual([undefined, 429, undefined]);
  });

  it('deny or pass a request without a key', () => {
    const limit: RateLimit = { ...LIMIT, key: { kind: 'header', name: 'X-Key' } };
    expect(answerOf({ kind: 'rate-limit', limit }, '/')).toEqual({
      status: 403,
      headers: [],
      body: '',
      outcome: 'rate-limited',
    });
    expect(send([{ kind: 'rate-limit', limit: { ...limit, emptyKey: 'allow' } }], '/').answer).toBeUndefined();
  });

  it('keep their buckets when the configuration is compiled again', () => {
    const limiters = new RateLimiters(new ManualClock());
    const compileAgain = (limit: RateLimit, route = 'r') => {
      limiters.begin();
      const filter = compileFilter({ kind: 'rate-limit', limit }, { route, limiters });
      limiters.end();
      return filter.onRequest?.(filteredRequest('/'))?.status;
    };
    expect([compileAgain(LIMIT), compileAgain(LIMIT)]).toEqual([undefined, 429]);
    expect(compileAgain({ ...LIMIT, burstCapacity: 5 })).toBeUndefined();
    expect(compileAgain(LIMIT)).toBeUndefined();
    expect(compileAgain(LIMIT, 'another')).toBeUndefined();
  });
});
