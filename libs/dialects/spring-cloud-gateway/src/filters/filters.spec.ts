import type { Filter } from '#traffic';
import { only, P, route } from '../translate.fixture.ts';

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
