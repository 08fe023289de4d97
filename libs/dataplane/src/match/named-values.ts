import type { NamedMatch, TextMatch } from '#traffic';
import type { MatchInput } from './match-input.ts';
import { compileFullMatch } from './bounded-regex.ts';
import { formDecode } from './percent.ts';

/** Tests one value; undefined is a query parameter without `=`, which has no value but is present. */
export type ValueTest = (value: string | undefined) => boolean;

export function compileText(match: TextMatch): ValueTest {
  if (match.kind === 'present') return () => true;
  if (match.kind === 'regex') {
    const test = compileFullMatch(match.value);
    return (value) => value !== undefined && test(value);
  }
  const ignoreCase = match.ignoreCase === true;
  const wanted = ignoreCase ? match.value.toLowerCase() : match.value;
  const fold = (value: string | undefined = ''): string => (ignoreCase ? value.toLowerCase() : value);
  return match.kind === 'exact' ? (value) => fold(value) === wanted : (value) => fold(value).startsWith(wanted);
}

/** Looks for a value of that name in the request that passes. */
export type NamedTest = (request: MatchInput) => boolean;

export function compileHeader(match: NamedMatch): NamedTest {
  const name = match.name.toLowerCase();
  if (match.match.kind === 'present') return (request) => request.headers.has(name);
  const test = compileText(match.match);
  const split = match.splitCommas === true;
  return ({ headers }) => {
    const first = headers.get(name);
    if (first === undefined) return false;
    if (!split && test(first)) return true;
    const lines = headers.getAll(name);
    return split ? lines.some((line) => splitList(line).some(test)) : lines.some(test);
  };
}

export function compileQuery(match: NamedMatch): NamedTest {
  const test = compileText(match.match);
  return ({ query }) => someQueryValue(query, match.name, test);
}

export function compileCookie(match: NamedMatch): NamedTest {
  const test = compileText(match.match);
  return ({ headers }) => headers.has('cookie') && cookieValues(headers, match.name).some(test);
}

/** Elements of a comma-separated list, trimmed; commas inside double quotes do not split. */
export function splitList(line: string): string[] {
  if (!line.includes(',')) return [line.trim()];
  const elements: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at <= line.length; at++) {
    const char = line.charAt(at);
    if (char === '\\' && quoted) at++;
    else if (char === '"') quoted = !quoted;
    else if (char === '' || (char === ',' && !quoted)) {
      elements.push(line.slice(start, at).trim());
      start = at + 1;
    }
  }
  return elements.filter((element) => element !== '');
}

export function someQueryValue(query: string | undefined, name: string, test: ValueTest): boolean {
  if (query === undefined) return false;
  let start = 0;
  while (start <= query.length) {
    const ampersand = query.indexOf('&', start);
    const end = ampersand < 0 ? query.length : ampersand;
    const equals = query.indexOf('=', start);
    const nameEnd = equals < 0 || equals > end ? end : equals;
    if (nameEnd > start && formDecode(query.slice(start, nameEnd)) === name) {
      if (test(nameEnd === end ? undefined : formDecode(query.slice(nameEnd + 1, end)))) return true;
    }
    start = end + 1;
  }
  return false;
}

export function cookieValues(headers: MatchInput['headers'], name: string): string[] {
  const values: string[] = [];
  for (const line of headers.getAll('cookie')) {
    for (const pair of line.split(';')) {
      const equals = pair.indexOf('=');
      if (equals > 0 && pair.slice(0, equals).trim() === name) values.push(unquote(pair.slice(equals + 1).trim()));
    }
  }
  return values;
}

function unquote(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
