import { uniformName, type BoundNode, type BoundProperties } from '#config';
import { suggest, type Problem } from '#kernel';

/** Settings of the original without a meaning here, each with what holds instead; an empty text is not worth a word. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  'use-filter': '',
  'initial-stream-buffer-size': '',
  'trace-request-body': '',
  'set-content-length': 'lengths pass as the service gave them',
  'force-original-query-string-encoding': '',
  'ignore-security-headers': '',
  'include-debug-header': '',
  'remove-semicolon-content': 'path parameters are always ignored when matching',
  'ribbon-isolation-strategy': 'the number of requests under way is limited by zuul.semaphore.max-semaphores',
  'thread-pool': 'the number of requests under way is limited by zuul.semaphore.max-semaphores',
  ribbon: '',
  debug: '',
  host: 'only connect-timeout-millis, socket-timeout-millis and max-per-route-connections are read',
  eureka: '',
};
const SUPPORTED = [
  'prefix',
  'strip-prefix',
  'retryable',
  'add-proxy-headers',
  'add-host-header',
  'ignored-services',
  'ignore-local-service',
  'ignored-patterns',
  'ignored-headers',
  'sensitive-headers',
  'servlet-path',
  'decode-url',
  'ssl-hostname-validation-enabled',
  'semaphore',
  'routes',
];
const ROUTE_MEMBERS = [
  'path',
  'service-id',
  'url',
  'strip-prefix',
  'retryable',
  'sensitive-headers',
  'custom-sensitive-headers',
  'id',
];

/** A warning for each key under `zuul.` that nothing has read. */
export function reportUnread(properties: BoundProperties, zuul: BoundNode): readonly Problem[] {
  // Read for url routes and services only; a configuration without such routes may still hold them.
  for (const key of [
    'host.connect-timeout-millis',
    'host.socket-timeout-millis',
    'host.max-per-route-connections',
    'semaphore',
  ])
    zuul.at(key).ignore();
  return properties.unread('zuul').flatMap(({ key, location }): readonly Problem[] => {
    const [, head = '', route, member] = /^[^.]+\.([^.[]+)(?:\.([^.]+)(?:\.(.+))?)?/.exec(key) ?? [];
    const where = location === undefined ? {} : { location };
    const warn = (code: string, message: string, remedy: string): Problem => ({
      severity: 'warning',
      code,
      message,
      remedy,
      subject: key,
      ...where,
    });
    const known = Object.entries(WITHOUT_EFFECT).find(([name]) => uniformName(name) === uniformName(head));
    if (known !== undefined) return known[1] === '' ? [] : [warn('unsupported', `${key} has no effect`, known[1])];
    if (key.endsWith('.disable'))
      return [warn('unsupported', `${key} has no effect`, 'filters cannot be switched off by name')];
    const inRoute = uniformName(head) === 'routes' && route !== undefined;
    const close = inRoute
      ? suggest(member ?? '', ROUTE_MEMBERS)
      : suggest(head, [...SUPPORTED, ...Object.keys(WITHOUT_EFFECT)]);
    return [warn('unknown-key', `unknown key ${key}`, close === undefined ? 'remove it' : `did you mean ${close}?`)];
  });
}
