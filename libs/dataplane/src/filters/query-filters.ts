import { formDecode } from '../match/percent.ts';
import type { FilterCompiler } from './filter-compiler.ts';
import { encodeIllegal, encodeStrictly } from './percent-encode.ts';
import { compileTemplate } from './template.ts';

/** Appends a raw pair; the query that came stays as it is. */
export const addQuery: FilterCompiler<'add-query'> = (filter) => {
  const pair = compileTemplate(`${filter.name}=${filter.value}`, filter.variables, encodeStrictly, encodeIllegal);
  return {
    kind: filter.kind,
    onRequest: (request) => {
      const added = pair(request.variables);
      request.query = request.query === undefined || request.query === '' ? added : `${request.query}&${added}`;
      return undefined;
    },
  };
};

/** Where the parameter occurs, Spring writes the others anew, grouped by name; elsewhere the query stays. */
export const removeQuery: FilterCompiler<'remove-query'> = (filter) => ({
  kind: filter.kind,
  onRequest: (request) => {
    const parameters = parse(request.query);
    if (parameters.delete(filter.name)) request.query = parameters.size === 0 ? undefined : write(parameters);
    return undefined;
  },
});

/** One value, moved last. Spring writes the whole query anew even where the parameter does not occur. */
export const rewriteQuery: FilterCompiler<'rewrite-query'> = (filter) => ({
  kind: filter.kind,
  onRequest: (request) => {
    if (request.query === undefined) return undefined;
    const parameters = parse(request.query);
    if (parameters.delete(filter.name)) parameters.set(filter.name, [filter.value]);
    request.query = write(parameters);
    return undefined;
  },
});

/** Values by decoded name, in order of first occurrence; undefined is a name without `=`. */
function parse(query: string | undefined): Map<string, (string | undefined)[]> {
  const parameters = new Map<string, (string | undefined)[]>();
  for (const pair of (query ?? '').split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = formDecode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? undefined : formDecode(pair.slice(equals + 1));
    const values = parameters.get(name);
    if (values) values.push(value);
    else parameters.set(name, [value]);
  }
  return parameters;
}

function write(parameters: ReadonlyMap<string, readonly (string | undefined)[]>): string {
  const pairs: string[] = [];
  for (const [name, values] of parameters) {
    const encoded = encodeStrictly(name);
    for (const value of values) pairs.push(value === undefined ? encoded : `${encoded}=${encodeStrictly(value)}`);
  }
  return pairs.join('&');
}
