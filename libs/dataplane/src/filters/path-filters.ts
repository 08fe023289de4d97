import { CardeaError } from '#kernel';
import { normalizePath, readSegment } from '../match/path-view.ts';
import type { FilterCompiler } from './filter-compiler.ts';
import { compileReplaceAll } from './java-replacement.ts';
import { encodeIllegal, encodePath, isRawPath } from './percent-encode.ts';
import { compileTemplate } from './template.ts';

/** Spring's StripPrefix: `//` is merged on the way, a trailing slash stays, nothing left is `/`. */
export const stripSegments: FilterCompiler<'strip-segments'> = (filter) => ({
  kind: filter.kind,
  onRequest: (request) => {
    const path = request.path.includes('//') ? request.path.replaceAll(/\/{2,}/g, '/') : request.path;
    let at = 0;
    for (let stripped = 0; stripped < filter.count && at >= 0; stripped++) at = path.indexOf('/', at + 1);
    request.path = at < 0 ? '/' : path.slice(at);
    return undefined;
  },
});

/** Takes a literal prefix off, by whole segments; a path outside it stays. */
export const stripPrefix: FilterCompiler<'strip-prefix'> = (filter) => {
  const wanted = filter.prefix
    .split('/')
    .filter((segment) => segment !== '')
    .map(readSegment);
  return {
    kind: filter.kind,
    onRequest: (request) => {
      request.path = without(wanted, request.path) ?? withoutDecoded(wanted, request.path) ?? request.path;
      return undefined;
    },
  };
};

/** The rest of the raw path after the segments, empty ones skipped; undefined when it begins otherwise. */
function without(wanted: readonly string[], path: string): string | undefined {
  let at = 0;
  for (const segment of wanted) {
    while (path.charAt(at) === '/') at++;
    const end = path.indexOf('/', at);
    if (readSegment(path.slice(at, end < 0 ? undefined : end)) !== segment) return undefined;
    at = end < 0 ? path.length : end;
  }
  return at === path.length ? '/' : path.slice(at);
}

/** A path that was matched decoded may hide a separator of the prefix in `%2F`; what is left is encoded anew. */
function withoutDecoded(wanted: readonly string[], path: string): string | undefined {
  if (!/%2f/i.test(path)) return undefined;
  const rest = without(wanted, normalizePath(path));
  return rest === undefined ? undefined : encodePath(rest);
}

/** What the user wrote keeps its encoding; what the request brought is encoded as a path. */
const pathTemplate = (text: string, variables: boolean | undefined) =>
  compileTemplate(text, variables, encodePath, encodeIllegal);

export const prefixPath: FilterCompiler<'prefix-path'> = (filter) => {
  const prefix = pathTemplate(filter.prefix, filter.variables);
  return {
    kind: filter.kind,
    onRequest: (request) => {
      request.path = checked(prefix(request.variables) + request.path);
      return undefined;
    },
  };
};

export const setPath: FilterCompiler<'set-path'> = (filter) => {
  const path = pathTemplate(filter.path, filter.variables);
  return {
    kind: filter.kind,
    onRequest: (request) => {
      request.path = checked(path(request.variables));
      return undefined;
    },
  };
};

/** Works on the raw path, wherever the expression matches. */
export const rewritePath: FilterCompiler<'rewrite-path'> = (filter) => {
  const replace = compileReplaceAll(filter.regex, filter.replacement);
  return {
    kind: filter.kind,
    onRequest: (request) => {
      const rewritten = replace(request.path);
      if (rewritten === undefined) return { status: 414, headers: [], body: '', outcome: 'client-too-large' };
      if (rewritten !== request.path) request.path = checked(rewritten);
      return undefined;
    },
  };
};

/** A path that cannot stand in a request line would split it: refused, as Spring refuses it. */
function checked(path: string): string {
  if (isRawPath(path)) return path;
  throw new CardeaError('bad-path', `a filter made the path ${JSON.stringify(path)}`, {
    source: 'internal',
    remedy: 'the path must begin with "/" and hold no blank, "?", "#" or character beyond ASCII',
  });
}
