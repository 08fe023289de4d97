import { allowedMethods } from './allowed-methods.ts';
import { dirtyTimestamp, header, isReplication, parameter, type EurekaRequest } from './eureka-request.ts';
import { acceptsGzip, detailOf, negotiate, negotiateList, requestType } from './negotiation.ts';

it.each([
  [undefined, 'xml', 'xml'],
  ['', 'xml', 'xml'],
  ['*/*', 'xml', 'xml'],
  ['*', 'xml', 'xml'],
  ['application/*;q=0.2', 'xml', 'xml'],
  ['application/json', 'json', 'json'],
  ['APPLICATION/JSON', 'json', 'xml'],
  ['application/xml, application/json;q=0.1', 'xml', 'json'],
  ['application/json, application/xml', 'json', 'json'],
  ['application/xml, application/json', 'xml', 'json'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'xml', 'xml'],
  ['text/html', undefined, undefined],
  ['application/vnd.x+json', undefined, undefined],
  ['application/json;q=0', undefined, undefined],
])('Accept %j means %s for one instance and %s for a list', (accept, one, list) => {
  expect(negotiate(accept)).toBe(one);
  expect(negotiateList(accept)).toBe(list);
});

it.each([
  ['application/json', { syntax: 'json', encoding: 'utf8' }],
  ['Application/XML; charset="UTF-8"', { syntax: 'xml', encoding: 'utf8' }],
  ['application/json;charset=ISO-8859-1', { syntax: 'json', encoding: 'latin1' }],
  ['application/json;charset=utf-16', undefined],
  ['text/plain', undefined],
  [undefined, undefined],
])('a body of %j is read as %j', (type, expected) => {
  expect(requestType(type)).toEqual(expected);
});

it('reads the other headers', () => {
  expect([detailOf(undefined), detailOf('COMPACT'), detailOf('tiny')]).toEqual(['full', 'compact', 'full']);
  expect([acceptsGzip(undefined), acceptsGzip('deflate'), acceptsGzip('gzip, deflate')]).toEqual([false, false, true]);
});

it('reads requests', () => {
  const request: EurekaRequest = {
    headers: { 'x-netflix-discovery-replication': 'true', several: ['a', 'b'] },
    query: { one: '1', two: ['1', '2'], lastDirtyTimestamp: '12' },
    body: Buffer.alloc(0),
  };
  expect(header(request, 'several')).toBe('a, b');
  expect([parameter(request, 'one'), parameter(request, 'two'), parameter(request, 'three')]).toEqual([
    '1',
    '1',
    undefined,
  ]);
  expect(isReplication(request)).toBe(true);
  expect(isReplication({ ...request, headers: { 'x-netflix-discovery-replication': 'TRUE' } })).toBe(false);
  expect(dirtyTimestamp(request)).toBe(12);
  expect(dirtyTimestamp({ ...request, query: { lastDirtyTimestamp: 'abc' } })).toBe('invalid');
  expect(dirtyTimestamp({ ...request, query: { lastDirtyTimestamp: 'null' } })).toBeUndefined();
});

it.each([
  ['/eureka/apps', 'GET,HEAD'],
  ['/eureka/v2/apps/?x=1', 'GET,HEAD'],
  ['/eureka//apps/A/i/status', 'PUT,DELETE'],
  ['/eureka/nope', undefined],
])('%s allows %s', (path, methods) => {
  expect(allowedMethods(path)).toBe(methods);
});
