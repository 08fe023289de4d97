import { CardeaError } from '#kernel';
import { compileRegex, MAX_REGEX_INPUT } from '../match/bounded-regex.ts';

type Part = string | number | { readonly name: string };

/**
 * Java's `replaceAll` on every occurrence: `$1`, `${name}` and `\x` in the replacement. Answers undefined for text longer
 * than expressions are run on.
 */
export function compileReplaceAll(regex: string, replacement: string): (text: string) => string | undefined {
  const compiled = compileRegex(regex, 'g');
  const groups = groupCount(regex);
  const parts = parse(replacement, groups.count, groups.names);
  const replace = (...match: unknown[]): string => {
    const named = match.at(-1);
    let result = '';
    for (const part of parts) {
      if (typeof part === 'string') result += part;
      else if (typeof part === 'number') result += textOf(match[part]);
      else if (typeof named === 'object' && named !== null) result += textOf(Reflect.get(named, part.name));
    }
    return result;
  };
  return (text) => (text.length > MAX_REGEX_INPUT ? undefined : text.replace(compiled, replace));
}

/** A group that took no part in the match is empty. */
const textOf = (group: unknown): string => (typeof group === 'string' ? group : '');

function groupCount(regex: string): { count: number; names: ReadonlySet<string> } {
  const match = compileRegex(`${regex}|`, '', regex).exec('');
  return { count: (match?.length ?? 1) - 1, names: new Set(Object.keys(match?.groups ?? {})) };
}

function parse(replacement: string, count: number, names: ReadonlySet<string>): readonly Part[] {
  const parts: Part[] = [];
  let literal = '';
  const add = (part: Part): void => {
    if (literal !== '') parts.push(literal);
    literal = '';
    parts.push(part);
  };
  for (let at = 0; at < replacement.length; at++) {
    const char = replacement.charAt(at);
    if (char === '\\') {
      at++;
      if (at === replacement.length) throw broken(replacement, 'ends in a backslash');
      literal += replacement.charAt(at);
    } else if (char !== '$') {
      literal += char;
    } else if (replacement.charAt(at + 1) === '{') {
      const end = replacement.indexOf('}', at);
      const name = replacement.slice(at + 2, end < 0 ? undefined : end);
      if (end < 0 || !names.has(name)) throw broken(replacement, `names a group "${name}" that is not there`);
      add({ name });
      at = end;
    } else {
      const digits = groupDigits(replacement, at + 1, count);
      if (digits === '') throw broken(replacement, 'has a "$" that names no group of the expression');
      add(Number(digits));
      at += digits.length;
    }
  }
  if (literal !== '') parts.push(literal);
  return parts;
}

/** As Java: the first digit is taken, further ones as long as the group exists. */
function groupDigits(replacement: string, start: number, count: number): string {
  let digits = '';
  for (let at = start; /\d/.test(replacement.charAt(at)); at++) {
    if (Number(digits + replacement.charAt(at)) > count) break;
    digits += replacement.charAt(at);
  }
  return digits;
}

function broken(replacement: string, what: string): CardeaError {
  return new CardeaError('bad-replacement', `the replacement "${replacement}" ${what}`, {
    source: 'internal',
    remedy: 'use $1 or ${name} for groups of the expression, and \\$ for a dollar sign',
  });
}
