import type { BoundNode } from '#config';
import type { SourceLocation } from '#kernel';

/** One entry of `zuul.routes`, or an automatic route, with its location decided. */
export interface ZuulRoute {
  readonly id: string;
  /** Ant pattern without `zuul.prefix`. */
  readonly path: string;
  readonly target:
    | { readonly kind: 'url'; readonly url: string }
    | { readonly kind: 'service'; readonly service: string }
    | { readonly kind: 'forward'; readonly path: string };
  readonly stripPrefix: boolean;
  readonly retryable: boolean | undefined;
  /** The route's own list; undefined means the global one. */
  readonly sensitiveHeaders: readonly string[] | undefined;
  readonly location: SourceLocation | undefined;
  /** Where it is written: the entry, or `zuul` for an automatic route. */
  readonly node: BoundNode;
}

/** Entries in file order. The same path twice: the later value stands at the first one's place. `/**` goes last. */
export function readRoutes(zuul: BoundNode): readonly ZuulRoute[] {
  const byPath = new Map<string, ZuulRoute>();
  for (const entry of zuul.at('routes').entries()) {
    const { text } = entry;
    const route = text === undefined ? readMembers(entry) : readShort(entry, text);
    byPath.set(route.path, route);
  }
  return catchAllLast(byPath);
}

/** A route `/service/**` for each service that is neither ignored nor routed under exactly that path. */
export function automaticRoutes(
  zuul: BoundNode,
  configured: readonly ZuulRoute[],
  services: readonly string[],
  ownService: string | undefined,
): readonly ZuulRoute[] {
  const ignored = [...(zuul.list('ignored-services') ?? [])];
  if ((zuul.boolean('ignore-local-service') ?? true) && ownService !== undefined)
    ignored.push(ownService.toLowerCase());
  const byPath = new Map(configured.map((route) => [route.path, route]));
  for (const service of services) {
    const name = service.toLowerCase();
    const path = `/${name}/**`;
    if (byPath.has(path) || ignored.some((pattern) => matchesSimply(pattern, name))) continue;
    byPath.set(path, {
      id: name,
      path,
      target: { kind: 'service', service },
      stripPrefix: true,
      retryable: undefined,
      sensitiveHeaders: undefined,
      location: zuul.location,
      node: zuul,
    });
  }
  return catchAllLast(byPath);
}

/** Spring's simple patterns: `x`, `x*`, `*x`, `*x*` and `x*y`. */
export function matchesSimply(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - at >= last.length && text.endsWith(last);
}

/** `users: /myusers/**`: the id comes from the path, the service from the key. `path=location` is understood too. */
function readShort(entry: BoundNode, text: string): ZuulRoute {
  const equals = text.indexOf('=');
  const path = absolute(equals < 0 ? text : text.slice(0, equals).trim());
  const location = equals < 0 ? entry.name : text.slice(equals + 1).trim();
  return {
    id: path.slice(1).replaceAll('/*', '').replaceAll('*', '') || entry.name,
    path,
    target: readTarget(location),
    stripPrefix: true,
    retryable: undefined,
    sensitiveHeaders: undefined,
    location: entry.location,
    node: entry,
  };
}

function readMembers(entry: BoundNode): ZuulRoute {
  const url = written(entry, 'url');
  const service = written(entry, 'service-id');
  const sensitive = entry.list('sensitive-headers');
  const custom = entry.boolean('custom-sensitive-headers') ?? false;
  return {
    id: written(entry, 'id') ?? entry.name,
    path: absolute(written(entry, 'path') ?? `/${entry.name}/**`),
    target: readTarget(url ?? service ?? entry.name),
    stripPrefix: entry.boolean('strip-prefix') ?? true,
    retryable: entry.boolean('retryable'),
    sensitiveHeaders: sensitive ?? (custom ? [] : undefined),
    location: entry.location,
    node: entry,
  };
}

/** An empty text counts as not written. */
function written(entry: BoundNode, name: string): string | undefined {
  const text = entry.string(name)?.trim();
  return text === '' ? undefined : text;
}

function readTarget(location: string): ZuulRoute['target'] {
  if (/^https?:/.test(location)) return { kind: 'url', url: location };
  if (location.startsWith('forward:')) return { kind: 'forward', path: absolute(location.slice('forward:'.length)) };
  return { kind: 'service', service: location };
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

function catchAllLast(byPath: Map<string, ZuulRoute>): readonly ZuulRoute[] {
  const all = [...byPath.values()];
  return [...all.filter(({ path }) => path !== '/**'), ...all.filter(({ path }) => path === '/**')];
}
