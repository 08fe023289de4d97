import type { LocalResponse } from '../message/filtered-message.ts';
import type { FilterCompiler } from './filter-compiler.ts';

/** Spring answers with an empty body and tells the reason in a header. */
function refusal(status: number, header: string, message: string): LocalResponse {
  return { status, headers: [[header, message]], body: '', outcome: 'client-too-large' };
}

/** Looks at Content-Length only: a chunked body is bounded by the listener. */
export const requestSize: FilterCompiler<'request-size'> = (filter) => ({
  kind: filter.kind,
  onRequest: ({ contentLength }) => {
    if (contentLength === undefined || contentLength <= filter.maxBytes) return undefined;
    return refusal(
      413,
      'errorMessage',
      `Request size is larger than permissible limit. Request size is ${readable(contentLength)} ` +
        `where permissible limit is ${readable(filter.maxBytes)}`,
    );
  },
});

/** The size of a header is its name and all its values. The largest offender is named first. */
export const requestHeaderSize: FilterCompiler<'request-header-size'> = (filter) => ({
  kind: filter.kind,
  onRequest: ({ headers }) => {
    const sizes = new Map<string, { readonly name: string; size: number }>();
    for (const [name, value] of headers.entries()) {
      const known = sizes.get(name.toLowerCase());
      if (known) known.size += value.length;
      else sizes.set(name.toLowerCase(), { name, size: name.length + value.length });
    }
    const offenders = [...sizes.values()].filter(({ size }) => size > filter.maxBytes).sort((a, b) => b.size - a.size);
    if (offenders.length === 0) return undefined;
    const named = offenders.map(({ name, size }) => ` Request Header/s size for '${name}' is ${size}B.`).join('');
    return refusal(
      431,
      filter.errorHeader,
      `Request Header/s size is larger than permissible limit (${filter.maxBytes}B).${named}`,
    );
  },
});

/** Units of 1000, one decimal: `999 B`, `5.0 MB`. */
function readable(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const exponent = Math.min(6, Math.floor(Math.log(bytes) / Math.log(1_000)));
  return `${(bytes / 1_000 ** exponent).toFixed(1)} ${'kMGTPE'.charAt(exponent - 1)}B`;
}
