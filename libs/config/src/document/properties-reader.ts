type Report = (line: number, column: number, message: string) => void;
type Emit = (key: string, value: string, line: number, column: number) => void;

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };
const isBlank = (character: string): boolean => character === ' ' || character === '\t' || character === '\f';

/** A cursor over the text of a properties file that knows line, column, escapes and continued lines. */
export class PropertiesReader {
  readonly #text: string;
  readonly #report: Report;
  #position = 0;
  #line = 1;
  #lineStart = 0;
  /** The character under the cursor, unescaped; undefined at the end. */
  #character: string | undefined;
  #escaped = false;
  /** Where the character under the cursor was written. */
  #at = { line: 1, column: 1 };

  constructor(text: string, report: Report) {
    this.#text = text;
    this.#report = report;
  }

  /** Passes empty lines; reads a comment line if one is next. */
  comment(): { readonly prefix: string; readonly separator: boolean } | undefined {
    this.#skipEmpty();
    const prefix = this.#text[this.#position];
    if (prefix !== '#' && prefix !== '!') return undefined;
    const atColumnZero = this.#position === this.#lineStart;
    let end = this.#position;
    while (end < this.#text.length && this.#text[end] !== '\n' && this.#text[end] !== '\r') end++;
    const separator = atColumnZero && /^---[ \t\f]*$/.test(this.#text.slice(this.#position + 1, end));
    this.#position = end;
    return { prefix, separator };
  }

  /** Reads one key and its value; false at the end of the text. */
  entry(emit: Emit): boolean {
    this.#skipEmpty();
    if (this.#position >= this.#text.length) return false;
    this.#next();
    let key = '';
    while (!this.#atEnd() && !this.#isSeparator()) {
      key += this.#character;
      this.#next();
    }
    this.#skipBlanks();
    if (!this.#escaped && (this.#character === '=' || this.#character === ':')) {
      this.#next();
      this.#skipBlanks();
    }
    if (key.endsWith('[]')) this.#list(key.slice(0, -2), emit);
    else {
      const { line, column } = this.#at;
      emit(
        key,
        this.#valueUntil(() => false),
        line,
        column,
      );
    }
    return true;
  }

  #list(key: string, emit: Emit): void {
    for (let index = 0; ; index++) {
      this.#skipBlanks();
      const { line, column } = this.#at;
      const value = this.#valueUntil(() => !this.#escaped && this.#character === ',');
      emit(`${key}[${index}]`, value, line, column);
      if (this.#atEnd()) return;
      this.#next();
      if (this.#atEnd()) return;
    }
  }

  #valueUntil(stop: () => boolean): string {
    let value = '';
    while (!this.#atEnd() && !stop()) {
      value += this.#character;
      this.#next();
    }
    return value;
  }

  #atEnd(): boolean {
    return this.#character === undefined || (!this.#escaped && this.#character === '\n');
  }

  #isSeparator(): boolean {
    const character = this.#character ?? '';
    return !this.#escaped && (character === '=' || character === ':' || isBlank(character));
  }

  #skipBlanks(): void {
    while (!this.#escaped && this.#character !== undefined && isBlank(this.#character)) this.#next();
  }

  /** Passes line ends and the blanks that begin a line. */
  #skipEmpty(): void {
    while (this.#position < this.#text.length) {
      const character = this.#text[this.#position] ?? '';
      if (character === '\n' || character === '\r') this.#newLine();
      else if (isBlank(character)) this.#position++;
      else return;
    }
  }

  #newLine(): void {
    if (this.#text[this.#position] === '\r' && this.#text[this.#position + 1] === '\n') this.#position++;
    this.#position++;
    this.#line++;
    this.#lineStart = this.#position;
  }

  /** Moves to the next character of the logical line. The line end is left for `#skipEmpty`. */
  #next(): void {
    this.#escaped = false;
    for (;;) {
      this.#at = { line: this.#line, column: this.#position - this.#lineStart + 1 };
      const character = this.#text[this.#position];
      if (character === undefined || character === '\n' || character === '\r') {
        this.#character = character === undefined ? undefined : '\n';
        return;
      }
      this.#position++;
      if (character !== '\\') {
        this.#character = character;
        return;
      }
      if (!this.#continuation()) {
        this.#escape();
        return;
      }
    }
  }

  #continuation(): boolean {
    const character = this.#text[this.#position];
    if (character !== '\n' && character !== '\r') return false;
    this.#newLine();
    while (isBlank(this.#text[this.#position] ?? '')) this.#position++;
    return true;
  }

  #escape(): void {
    this.#escaped = true;
    const character = this.#text[this.#position];
    if (character === undefined) {
      this.#escaped = false;
      this.#character = undefined;
      return;
    }
    this.#position++;
    if (character !== 'u') {
      this.#character = ESCAPES[character] ?? character;
      return;
    }
    const digits = this.#text.slice(this.#position, this.#position + 4);
    if (/^[0-9a-fA-F]{4}$/.test(digits)) {
      this.#position += 4;
      this.#character = String.fromCharCode(Number.parseInt(digits, 16));
    } else {
      this.#report(this.#at.line, this.#at.column, 'malformed \\uXXXX escape');
      this.#character = 'u';
    }
  }
}
