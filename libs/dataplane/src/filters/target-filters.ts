import { encodeIllegal, encodeStrictly } from './percent-encode.ts';
import type { FilterCompiler } from './filter-compiler.ts';
import { compileTemplate, configuredHeaderText, headerText } from './template.ts';

export const setHost: FilterCompiler<'set-host'> = (filter) => {
  const host = compileTemplate(filter.host, filter.variables, headerText, configuredHeaderText);
  return {
    kind: filter.kind,
    onRequest: (request) => {
      request.upstreamHost = host(request.variables);
      return undefined;
    },
  };
};

export const preserveHost: FilterCompiler<'preserve-host'> = (filter) => ({
  kind: filter.kind,
  onRequest: (request) => {
    if (request.authority !== '') request.upstreamHost = request.authority;
    return undefined;
  },
});

export const setUri: FilterCompiler<'set-uri'> = (filter) => {
  const uri = compileTemplate(filter.uri, filter.variables, encodeStrictly, encodeIllegal);
  return {
    kind: filter.kind,
    onRequest: (request) => {
      request.upstreamUri = uri(request.variables);
      return undefined;
    },
  };
};

/** The client names the target: only for routes whose clients are trusted. What is no http(s) URI is ignored. */
export const uriFromHeader: FilterCompiler<'uri-from-header'> = (filter) => {
  const lowerName = filter.header.toLowerCase();
  return {
    kind: filter.kind,
    onRequest: (request) => {
      const uri = request.headers.get(lowerName);
      if (uri !== undefined && /^https?:\/\/[^/?#\s]/i.test(uri) && URL.canParse(uri)) request.upstreamUri = uri;
      return undefined;
    },
  };
};

/**
 * Zuul's X-Forwarded-Prefix: what was stripped is joined to the prefix of an outer proxy without a comma; `/` counts as
 * none.
 */
export const prefixHeader: FilterCompiler<'prefix-header'> = (filter) => {
  const prefix = configuredHeaderText(filter.prefix);
  return {
    kind: filter.kind,
    onRequest: ({ headers }) => {
      const outer = headers.get('x-forwarded-prefix')?.replace(/\/$/, '') ?? '';
      if (outer !== '' || prefix !== '') headers.set('X-Forwarded-Prefix', outer + prefix);
      return undefined;
    },
  };
};
