import type { Direction } from '#traffic';
import type { CompiledFilter, FilteredRequest, HeaderLines } from '../message/filtered-message.ts';
import type { FilterCompiler, FilterKind } from './filter-compiler.ts';
import { compileReplaceAll } from './java-replacement.ts';
import { compileTemplate, configuredHeaderText, headerText } from './template.ts';

type Change = (headers: HeaderLines, request: FilteredRequest) => void;

/** The same change on the message that the filter is for. */
function on(kind: FilterKind, direction: Direction, change: Change): CompiledFilter {
  if (direction === 'response') {
    return { kind, onResponse: (response, request) => change(response.headers, request) };
  }
  return {
    kind,
    onRequest: (request) => {
      change(request.headers, request);
      return undefined;
    },
  };
}

/** Spring counts a header whose values are all blank as absent, and leaves the blank lines where they are. */
function hasValue(headers: HeaderLines, lowerName: string): boolean {
  return headers.has(lowerName) && headers.getAll(lowerName).some((value) => value.trim() !== '');
}

export const addHeader: FilterCompiler<'add-header'> = (filter) => {
  const lowerName = filter.name.toLowerCase();
  const values = [filter.value, ...(filter.moreValues ?? [])].map((value) =>
    compileTemplate(value, filter.variables, headerText, configuredHeaderText),
  );
  return on(filter.kind, filter.on, (headers, { variables }) => {
    if (filter.ifAbsent === true && hasValue(headers, lowerName)) return;
    for (const value of values) headers.add(filter.name, value(variables));
  });
};

export const setHeader: FilterCompiler<'set-header'> = (filter) => {
  const value = compileTemplate(filter.value, filter.variables, headerText, configuredHeaderText);
  return on(filter.kind, filter.on, (headers, { variables }) => headers.set(filter.name, value(variables)));
};

export const removeHeader: FilterCompiler<'remove-header'> = (filter) => {
  const names = filter.names.map((name) => name.toLowerCase());
  return on(filter.kind, filter.on, (headers) => {
    for (const name of names) headers.remove(name);
  });
};

export const copyHeader: FilterCompiler<'copy-header'> = (filter) => {
  const from = filter.from.toLowerCase();
  return on(filter.kind, filter.on, (headers) => {
    for (const value of headers.getAll(from)) headers.add(filter.to, value);
  });
};

export const rewriteHeader: FilterCompiler<'rewrite-header'> = (filter) => {
  const lowerName = filter.name.toLowerCase();
  const replace = compileReplaceAll(filter.regex, configuredHeaderText(filter.replacement));
  return on(filter.kind, filter.on, (headers) => {
    if (!headers.has(lowerName)) return;
    const values = headers.getAll(lowerName);
    const rewritten = values.map((value) => replace(value) ?? value);
    if (rewritten.some((value, index) => value !== values[index])) replaceAll(headers, filter.name, rewritten);
  });
};

export const dedupeHeader: FilterCompiler<'dedupe-header'> = (filter) => {
  const names = filter.names.map((name) => ({ name, lowerName: name.toLowerCase() }));
  return on(filter.kind, filter.on, (headers) => {
    for (const { name, lowerName } of names) {
      const values = headers.getAll(lowerName);
      if (values.length > 1) replaceAll(headers, name, kept(values, filter.keep));
    }
  });
};

export const secureHeaders: FilterCompiler<'secure-headers'> = (filter) => {
  const lines = Object.entries(filter.headers).map(
    ([name, value]) => [name, name.toLowerCase(), configuredHeaderText(value)] as const,
  );
  return on(filter.kind, 'response', (headers) => {
    for (const [name, lowerName, value] of lines) if (!headers.has(lowerName)) headers.add(name, value);
  });
};

function kept(values: readonly string[], keep: 'first' | 'last' | 'unique'): readonly string[] {
  if (keep === 'unique') return [...new Set(values)];
  return keep === 'first' ? values.slice(0, 1) : values.slice(-1);
}

function replaceAll(headers: HeaderLines, name: string, values: readonly string[]): void {
  headers.remove(name.toLowerCase());
  for (const value of values) headers.add(name, value);
}
