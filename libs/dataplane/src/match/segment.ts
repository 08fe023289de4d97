import { compileRegex, MAX_REGEX_INPUT } from './bounded-regex.ts';

export type Variables = Record<string, string>;

/** One segment of a path pattern, or one label of a host pattern. */
export interface SegmentMatcher {
  /** The text it must equal, if it is that simple: an index can use it. */
  readonly literal: string | undefined;
  /** `last`: nothing of the pattern follows. */
  matches(text: string, last: boolean): boolean;
  capture?(text: string, into: Variables): void;
}

class Literal implements SegmentMatcher {
  readonly literal: string;

  constructor(literal: string) {
    this.literal = literal;
  }

  matches(text: string): boolean {
    return text === this.literal;
  }
}

class LiteralIgnoringCase implements SegmentMatcher {
  readonly literal = undefined;
  readonly #lower: string;

  constructor(literal: string) {
    this.#lower = literal.toLowerCase();
  }

  matches(text: string): boolean {
    return text.length === this.#lower.length && text.toLowerCase() === this.#lower;
  }
}

/** `*`: Spring lets it be empty only at the end of the pattern. */
class AnySegment implements SegmentMatcher {
  readonly literal = undefined;

  matches(text: string, last: boolean): boolean {
    return last || text !== '';
  }
}

class CaptureSegment implements SegmentMatcher {
  readonly literal = undefined;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  matches(text: string): boolean {
    return text !== '';
  }

  capture(text: string, into: Variables): void {
    into[this.#name] = text;
  }
}

/** Anything with `?`, an inner `*`, or several or restricted variables. */
class RegexSegment implements SegmentMatcher {
  readonly literal = undefined;
  readonly #regex: RegExp;
  readonly #names: readonly string[];

  constructor(pattern: string, ignoreCase: boolean) {
    const names: string[] = [];
    this.#regex = compileRegex(`^${translate(pattern, names)}$`, ignoreCase ? 'is' : 's', pattern);
    this.#names = names;
  }

  matches(text: string): boolean {
    if (text.length > MAX_REGEX_INPUT || (this.#names.length > 0 && text === '')) return false;
    return this.#regex.test(text);
  }

  capture(text: string, into: Variables): void {
    const groups = this.#regex.exec(text)?.groups;
    for (const [index, name] of this.#names.entries()) into[name] = groups?.[`cardea${index}`] ?? '';
  }
}

/** Groups get names of our own: a variable's expression may hold groups that would shift numbers. */
function translate(pattern: string, names: string[]): string {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '?') source += '.';
    else if (char === '*') source += '.*';
    else if (char === '{') {
      const end = closingBrace(pattern, at);
      const [name, regex] = splitVariable(pattern.slice(at + 1, end));
      source += `(?<cardea${names.length}>${regex ?? '.*'})`;
      names.push(name);
      at = end;
    } else source += char.replace(/[\\^$.*+?()[\]{}|/]/, String.raw`\$&`);
  }
  return source;
}

/** Index of the `}` that closes the `{` at `open`; expressions may hold balanced braces (`\d{2}`). */
export function closingBrace(pattern: string, open: number): number {
  let depth = 0;
  for (let at = open; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '\\') at++;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return at;
  }
  return pattern.length;
}

function splitVariable(text: string): [name: string, regex: string | undefined] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
}

export function compileSegment(pattern: string, ignoreCase: boolean): SegmentMatcher {
  if (pattern === '*') return new AnySegment();
  if (!/[?*{]/.test(pattern)) return ignoreCase ? new LiteralIgnoringCase(pattern) : new Literal(pattern);
  const simple = /^\{([^{}:*]+)\}$/.exec(pattern);
  return simple?.[1] === undefined ? new RegexSegment(pattern, ignoreCase) : new CaptureSegment(simple[1]);
}
