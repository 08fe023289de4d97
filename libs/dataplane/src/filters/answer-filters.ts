import type { FilterCompiler } from './filter-compiler.ts';
import { encodeIllegal } from './percent-encode.ts';
import { configuredHeaderText } from './template.ts';

export const redirect: FilterCompiler<'redirect'> = (filter) => {
  const location = configuredHeaderText(filter.location);
  const separator = location.includes('?') ? '&' : '?';
  return {
    kind: filter.kind,
    onRequest: ({ query }) => {
      const carried = filter.includeQuery === true && query !== undefined && query !== '';
      const target = carried ? location + separator + encodeIllegal(query) : location;
      return { status: filter.status, headers: [['Location', target]], body: '', outcome: 'redirected' };
    },
  };
};

export const respond: FilterCompiler<'respond'> = (filter) => {
  const answer = {
    status: filter.status,
    headers: Object.entries(filter.headers ?? {}).map(([name, value]) => [name, configuredHeaderText(value)] as const),
    body: filter.body ?? '',
    outcome: 'responded-locally',
  } as const;
  return { kind: filter.kind, onRequest: () => answer };
};

/** Overrides the status after the upstream answered; the header holds the original as Spring writes it: `[200]`. */
export const setStatus: FilterCompiler<'set-status'> = (filter) => ({
  kind: filter.kind,
  onResponse: (response) => {
    if (filter.originalStatusHeader !== undefined) {
      response.headers.set(filter.originalStatusHeader, `[${response.status}]`);
    }
    response.status = filter.status;
  },
});
