import type { BoundProperties } from '#config';
import { suggest, type Problem } from '#kernel';

/** Settings of the original that have no effect here, under the gateway's prefix. */
const WITHOUT_EFFECT: readonly (readonly [prefix: string, remedy: string])[] = [
  ['globalcors', 'answer CORS in the services until the gateway does'],
  ['httpclient.proxy', 'upstreams are reached directly'],
  ['httpclient.ssl', 'the authorities of the machine are trusted'],
  ['httpclient.pool', 'only max-connections and max-idle-time are read'],
  ['httpclient.websocket', 'frames pass unchanged'],
  ['httpclient', 'remove it'],
  ['httpserver', 'write cardea.gateway.trusted-proxies'],
  ['discovery.locator', 'only enabled, lower-case-service-id and route-id-prefix are read'],
  ['metrics', 'metrics are always on'],
  ['global-filter', 'global filters cannot be switched off'],
  ['redis-route-definition-repository', 'keep routes in the configuration repository'],
  ['loadbalancer', 'remove it'],
  ['filter', 'remove it'],
  ['predicate', 'remove it'],
  ['redis-rate-limiter', 'the headers keep their names'],
  ['streaming-media-types', 'every answer is streamed'],
  ['restrictive-property-accessor', 'expressions are not evaluated'],
  ['handler-mapping', 'remove it'],
  ['actuator', 'remove it'],
  ['forwarded', 'remove it'],
  ['x-forwarded', 'remove it'],
];
const ROUTE_MEMBERS = ['id', 'uri', 'predicates', 'filters', 'metadata', 'order', 'enabled'];
const TOP = ['enabled', 'routes', 'default-filters', 'trusted-proxies', 'fail-on-route-definition-error', 'set-status'];

/** A warning for each key under the prefix that nothing has read. */
export function reportUnread(gateway: BoundProperties): readonly Problem[] {
  const known = [...TOP, ...WITHOUT_EFFECT.map(([prefix]) => prefix)];
  const seen = new Set<string>();
  return gateway.unread().flatMap(({ key, location }): readonly Problem[] => {
    const route = /^routes\[\d+\]\.([^.[]+)/.exec(key);
    const ignored =
      route === null
        ? WITHOUT_EFFECT.find(([prefix]) => `${key}.`.startsWith(`${prefix}.`) || key.startsWith(`${prefix}[`))
        : undefined;
    const subject = route?.[0] ?? ignored?.[0] ?? key;
    if (seen.has(subject)) return [];
    seen.add(subject);
    const where = location === undefined ? {} : { location };
    if (ignored !== undefined) {
      const message = `${ignored[0]} has no effect${ignored[0] === key ? '' : ` (${key})`}`;
      return [{ severity: 'warning', code: 'unsupported', message, remedy: ignored[1], subject, ...where }];
    }
    const close = route === null ? suggest(key, known) : suggest(route[1] ?? '', ROUTE_MEMBERS);
    const remedy = close === undefined ? 'remove it' : `did you mean ${close}?`;
    return [{ severity: 'warning', code: 'unknown-key', message: `unknown key ${key}`, remedy, subject, ...where }];
  });
}
