import {
  type Arbitrary,
  array,
  assert,
  boolean,
  constantFrom,
  dictionary,
  integer,
  oneof,
  option,
  property,
  record,
  string,
} from 'fast-check';
import { bindProperties, type Property } from '#config';
import { compileFilters, compileRouter } from '#dataplane';
import { translateSpringCloudGateway } from '#dialects/spring-cloud-gateway';
import { translateZuul } from '#dialects/zuul';
import { mergeTranslations, servablePart, trafficConfigSchema } from '#traffic';
import { Ajv2020 } from 'ajv/dist/2020.js';

const SHORTCUTS = [
  'Path=/a/{x}/**',
  'Path=/{*rest}',
  'Path={',
  'Path=/a/**/b',
  'Host=**.a.org,{sub}.b',
  'Header=X, [a-z',
  'Query=q,(?i)x',
  'RemoteAddr=10.0.0.0/99',
  'Weight=g,-1',
  'Cookie=c',
  'Between=1,2',
  'StripPrefix=99999999999',
  'RewritePath=/(?<a>.*), /$\\{b}',
  'RewritePath=(a*)*b, $9',
  'SetPath={y}',
  'SetStatus=099',
  'RedirectTo=302,',
  'AddRequestHeader=X Y,\r\nZ',
  'DedupeResponseHeader=',
  'RequestHeaderSize=-5B',
  'SecureHeaders',
  'CircuitBreaker=',
  'Retry=0',
  'SetRequestUri=::',
  '=',
  '',
];
const URIS = [
  'http://h',
  'http://h:99999',
  'http://[::1',
  'lb://',
  'lb://a b',
  'forward:',
  'forward:/x',
  'no://op',
  'https://ü.test',
  '${x}',
  ':',
  '',
];
const ANT = ['/**', '/a/**', '/{id}/**', '/a/*', '', '**', '/{', '/a?/**', '/%2F/**', '/{x:[}/**'];
const KEYS = [
  'prefix',
  'stripPrefix',
  'ignoredServices',
  'ignoredPatterns',
  'sensitiveHeaders',
  'host.socketTimeoutMillis',
  'servletPath',
];

const anything = oneof(string({ maxLength: 12 }), integer(), boolean());
const gatewayRoute = record({
  id: constantFrom('a', 'b', ''),
  uri: constantFrom(...URIS),
  predicates: array(oneof(constantFrom(...SHORTCUTS), string({ maxLength: 20 })), { maxLength: 3 }),
  filters: array(oneof(constantFrom(...SHORTCUTS), string({ maxLength: 20 })), { maxLength: 4 }),
});
const zuulRoute = record({
  path: oneof(constantFrom(...ANT), string({ maxLength: 12 })),
  url: option(constantFrom(...URIS), { nil: undefined }),
});

const input = record({
  routes: array(gatewayRoute, { maxLength: 4 }),
  zuul: array(zuulRoute, { maxLength: 4 }),
  settings: dictionary(constantFrom(...KEYS), anything, { maxKeys: 3 }),
  loose: dictionary(
    constantFrom(
      'ribbon.ReadTimeout',
      'z0.ribbon.listOfServers',
      'hystrix.command.z0.circuitBreaker.errorThresholdPercentage',
      'spring.cloud.gateway.trusted-proxies',
      'spring.cloud.gateway.httpclient.connect-timeout',
      'spring.cloud.gateway.default-filters',
    ),
    anything,
  ),
});

function propertiesOf({ routes, zuul, settings, loose }: typeof input extends Arbitrary<infer T> ? T : never) {
  const properties = new Map<string, Property>();
  const put = (key: string, value: string | number | boolean) =>
    void properties.set(key, { value, origin: { file: 'f.yml', line: properties.size + 1, column: 1 } });
  for (const [index, route] of routes.entries()) {
    const at = `spring.cloud.gateway.routes[${index}]`;
    put(`${at}.id`, route.id);
    put(`${at}.uri`, route.uri);
    for (const [n, text] of route.predicates.entries()) put(`${at}.predicates[${n}]`, text);
    for (const [n, text] of route.filters.entries()) put(`${at}.filters[${n}]`, text);
  }
  for (const [index, route] of zuul.entries()) {
    put(`zuul.routes.z${index}.path`, route.path);
    if (route.url !== undefined) put(`zuul.routes.z${index}.url`, route.url);
  }
  for (const [key, value] of Object.entries(settings)) put(`zuul.${key}`, value);
  for (const [key, value] of Object.entries(loose)) put(key, value);
  return bindProperties([{ name: 'f.yml', properties }]);
}

describe('whatever is written', () => {
  const isValid = new Ajv2020({ strict: false }).compile(trafficConfigSchema);

  it('becomes a configuration that fits the schema and compiles, and problems with their places', () => {
    assert(
      property(input, (given) => {
        const properties = propertiesOf(given);
        const context = { services: ['orders'] };
        const config = servablePart(
          mergeTranslations([translateSpringCloudGateway(properties, context), translateZuul(properties, context)]),
        );
        expect([isValid(config), isValid.errors]).toEqual([true, null]);
        compileRouter(config.routes);
        for (const route of config.routes) compileFilters(route.filters, { route: route.id });
        for (const { location, code } of config.problems) expect([code, location?.file]).toEqual([code, 'f.yml']);
      }),
      { numRuns: 200 },
    );
  });
});
