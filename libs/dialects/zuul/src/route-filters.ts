import type { Filter, Match } from '#traffic';
import type { ZuulRoute } from './zuul-route.ts';
import type { ZuulSettings } from './zuul-settings.ts';

/** Never copied in either direction, beside the hop-by-hop ones that no data plane forwards. */
const ALWAYS_IGNORED = ['Server', 'X-Application-Context'];

/** Which requests take the route: its pattern under `zuul.prefix`, also behind the servlet path. */
export function matchOf(route: ZuulRoute, settings: ZuulSettings): Match {
  const pattern = settings.prefix + route.path;
  const both = (value: string) =>
    [value, ...(settings.servletPath === '' ? [] : [settings.servletPath + value])].map((each) => ({
      kind: 'ant' as const,
      value: each,
    }));
  const except = settings.ignoredPatterns.flatMap((ignored) => both(ignored.startsWith('/') ? ignored : `/${ignored}`));
  return {
    pathView: settings.decodeUrl ? 'normalized' : 'raw',
    paths: both(pattern),
    ...(except.length > 0 ? { exceptPaths: except } : {}),
  };
}

/** What happens to paths and headers of the route. */
export function filtersOf(route: ZuulRoute, settings: ZuulSettings): readonly Filter[] {
  const sensitive = route.sensitiveHeaders ?? settings.sensitiveHeaders;
  const dropped = [...new Set([...ALWAYS_IGNORED, ...settings.ignoredHeaders, ...sensitive])];
  // Response filters run in reverse, request filters in order; neither order matters for removals.
  const filters: Filter[] = [
    { kind: 'remove-header', on: 'request', names: dropped },
    { kind: 'remove-header', on: 'response', names: dropped },
  ];
  if (settings.addHostHeader) filters.push({ kind: 'preserve-host' });
  if (settings.servletPath !== '') filters.push({ kind: 'strip-prefix', prefix: settings.servletPath });
  const own = route.stripPrefix ? fixedPart(route.path) : '';
  filters.push(...pathFilters(own, settings));
  // As in the original the header holds zuul.prefix even where that is not stripped.
  const told = settings.prefix + (own.includes('{') || own.includes('?') ? '' : own);
  if (settings.addProxyHeaders && told !== '') filters.push({ kind: 'prefix-header', prefix: told });
  return filters;
}

/** `zuul.prefix` and the route's own fixed part go each by its own switch. */
function pathFilters(own: string, { prefix, stripPrefix }: ZuulSettings): readonly Filter[] {
  const filters: Filter[] = [];
  if (prefix !== '' && (stripPrefix || own !== '')) filters.push({ kind: 'strip-prefix', prefix });
  if (own.includes('{') || own.includes('?'))
    filters.push({ kind: 'strip-segments', count: own.split('/').length - 1 });
  else if (own !== '') filters.push({ kind: 'strip-prefix', prefix: own });
  if (prefix !== '' && !stripPrefix && own !== '') filters.push({ kind: 'prefix-path', prefix });
  return filters;
}

/** Whole segments before the first `*`: `/a/b` of `/a/b/**`; nothing of a path without a star. */
export function fixedPart(path: string): string {
  const star = path.indexOf('*');
  return star < 0 ? '' : path.slice(0, path.lastIndexOf('/', star));
}
