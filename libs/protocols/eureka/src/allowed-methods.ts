const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/^apps(?:\/delta)?$/, 'GET,HEAD'],
  [/^apps\/[^/]+$/, 'GET,HEAD,POST'],
  [/^apps\/[^/]+\/[^/]+$/, 'GET,HEAD,PUT,DELETE'],
  [/^apps\/[^/]+\/[^/]+\/status$/, 'PUT,DELETE'],
  [/^apps\/[^/]+\/[^/]+\/metadata$/, 'PUT'],
  [/^(?:instances|vips|svips)\/[^/]+$/, 'GET,HEAD'],
  [/^asg\/[^/]+\/status$/, 'PUT'],
  [/^peerreplication\/batch$/, 'POST'],
];

/** Methods of a Eureka resource, for the `Allow` header of a 405; undefined when there is no such resource. */
export function allowedMethods(url: string): string | undefined {
  const path = url
    .replace(/[?#].*$/s, '')
    .replace(/\/{2,}/g, '/')
    .replace(/^\/eureka(?:\/v2)?\//, '')
    .replace(/\/$/, '');
  return PATTERNS.find(([pattern]) => pattern.test(path))?.[1];
}
