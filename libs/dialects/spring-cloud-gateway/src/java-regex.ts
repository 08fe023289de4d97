/** A Java pattern in JavaScript's syntax, or why that is not possible. */
export type RegexTranslation =
  { readonly kind: 'regex'; readonly source: string } | { readonly kind: 'inexpressible'; readonly reason: string };

const ESCAPES: Readonly<Record<string, string>> = {
  A: '^',
  z: '$',
  Z: '(?=\\r?\\n?$)',
  a: '\\x07',
  e: '\\x1b',
  h: '[ \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]',
  H: '[^ \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]',
  R: '(?:\\r\\n|[\\n-\\r\\x85\\u2028\\u2029])',
};
/** Members of a character class; JavaScript knows `\p` only with flags that change the rest of the syntax. */
const CLASSES: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\x00-\\x7f',
  Alpha: 'A-Za-z',
  Digit: '0-9',
  Alnum: 'A-Za-z0-9',
  Punct: '!-\\/:-@\\[-`{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  XDigit: '0-9A-Fa-f',
  Space: ' \\t\\n\\x0b\\f\\r',
};

/** Translates `java.util.regex` syntax. Capturing groups keep their numbers and names. */
export function translateJavaRegex(pattern: string): RegexTranslation {
  const state = new Translator(pattern);
  try {
    const source = state.run();
    // Compiled for its syntax errors only.
    return RegExp(source) instanceof RegExp ? { kind: 'regex', source } : inexpressible('not a pattern');
  } catch (error) {
    return inexpressible(
      error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : 'unknown',
    );
  }
}

function inexpressible(reason: string): RegexTranslation {
  return { kind: 'inexpressible', reason };
}

class Translator {
  readonly #pattern: string;
  #at = 0;
  #out = '';
  #depth = 0;
  /** One entry per group: how many modifier groups to close with it. */
  readonly #opened: number[] = [0];

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  run(): string {
    while (this.#at < this.#pattern.length) this.#step();
    return this.#out + ')'.repeat(this.#opened[0] ?? 0);
  }

  #step(): void {
    const char = this.#pattern[this.#at] ?? '';
    if (char === '\\') this.#escape();
    else if (this.#depth > 0) this.#inClass(char);
    else if (char === '[') this.#openClass();
    else if (char === '(') this.#openGroup();
    else if (char === ')') this.#take(char, ')'.repeat((this.#opened.pop() ?? 0) + 1));
    else if ('*+?}'.includes(char)) this.#quantifier(char);
    else this.#take(char);
  }

  #take(text: string, written = text): void {
    this.#at += text.length;
    this.#out += written;
  }

  #quantifier(char: string): void {
    if (this.#pattern[this.#at + 1] === '+') throw new Error(`the possessive quantifier "${char}+" has no equivalent`);
    // A lazy mark belongs to its quantifier: `a??` is one.
    this.#take(this.#pattern[this.#at + 1] === '?' ? `${char}?` : char);
  }

  #openClass(): void {
    this.#depth = 1;
    this.#take(this.#pattern.startsWith('[^', this.#at) ? '[^' : '[');
    if (this.#pattern[this.#at] === ']') this.#take(']', '\\]');
  }

  #inClass(char: string): void {
    if (char === '[') throw new Error('a character class inside another has no equivalent');
    if (this.#pattern.startsWith('&&', this.#at)) throw new Error('"&&" in a character class has no equivalent');
    if (char === ']') this.#depth = 0;
    this.#take(char);
  }

  #openGroup(): void {
    const rest = this.#pattern.slice(this.#at);
    if (rest.startsWith('(?>')) throw new Error('the atomic group "(?>" has no equivalent');
    const flags = /^\(\?([a-zA-Z]*)(-[a-zA-Z]+)?([:)])/.exec(rest);
    if (flags === null) {
      this.#opened.push(0);
      this.#take('(');
      if (this.#pattern[this.#at] === '?') this.#take('?');
      return;
    }
    const [whole, on = '', off = '', end] = flags;
    const other = /[^ims-]/.exec(on + off);
    if (other !== null) throw new Error(`the flag "${other[0]}" has no equivalent`);
    const modifiers = on + off;
    if (end === ':') {
      this.#opened.push(0);
      this.#take(whole);
    } else {
      // Flags without a group hold to the end of the enclosing one.
      this.#opened[this.#opened.length - 1] = (this.#opened.at(-1) ?? 0) + 1;
      this.#take(whole, `(?${modifiers}:`);
    }
  }

  #escape(): void {
    const rest = this.#pattern.slice(this.#at);
    const quoted = /^\\Q([\s\S]*?)(?:\\E|$)/.exec(rest);
    if (quoted !== null) return this.#take(quoted[0], (quoted[1] ?? '').replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
    const octal = /^\\0([0-3]?[0-7]{1,2})/.exec(rest);
    if (octal !== null) return this.#take(octal[0], hex(Number.parseInt(octal[1] ?? '0', 8)));
    const point = /^\\x\{([0-9a-fA-F]{1,4})\}/.exec(rest);
    if (point !== null) return this.#take(point[0], hex(Number.parseInt(point[1] ?? '0', 16)));
    const property = /^\\([pP])(?:\{(?:Is|java)?(\w+)\}|(\w))/.exec(rest);
    if (property !== null) return this.#property(property);
    const next = rest[1] ?? '';
    if ('GXNV'.includes(next) && next !== '') throw new Error(`"\\${next}" has no equivalent`);
    const replaced = this.#depth === 0 ? ESCAPES[next] : undefined;
    return this.#take(rest.slice(0, 2), replaced);
  }

  #property([whole, kind, long, short]: RegExpExecArray): void {
    const members = CLASSES[long ?? short ?? ''];
    if (members === undefined) throw new Error(`the character class "${whole}" has no equivalent`);
    if (this.#depth === 0) return this.#take(whole, kind === 'P' ? `[^${members}]` : `[${members}]`);
    if (kind === 'P') throw new Error(`"${whole}" in a character class has no equivalent`);
    return this.#take(whole, members);
  }
}

function hex(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
