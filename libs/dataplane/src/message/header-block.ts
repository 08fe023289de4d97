import type { HeaderLines } from './filtered-message.ts';
import { equalsIgnoringCase, SPACE, TAB } from './grammar.ts';
import { classify, FORWARDING } from './header-kind.ts';

const STRIDE = 4;

/**
 * The header lines of one message: offsets into the text in which they came. The first change turns them into a list;
 * until then runs of lines are forwarded as slices of that text.
 */
export class HeaderBlock implements HeaderLines {
  readonly text: string;
  /** Four numbers a line: start of the name, colon, end of the value (before CRLF), kind. */
  readonly #marks: number[] = [];
  #edited: EditedLine[] | undefined;
  /** Union of the kinds of all lines that came. */
  seen = 0;
  /** Kinds of which more than one line came. */
  repeats = 0;

  constructor(text = '') {
    this.text = text;
  }

  static of(lines: readonly (readonly [string, string])[]): HeaderBlock {
    const block = new HeaderBlock();
    block.#edited = lines.map(([name, value]) => ({ name, value, kind: classify(name, 0, name.length) }));
    for (const { kind } of block.#edited) block.seen |= kind;
    return block;
  }

  /** Called by the scanner, in order. */
  mark(start: number, colon: number, end: number, kind: number): void {
    this.#marks.push(start, colon, end, kind);
    this.repeats |= this.seen & kind;
    this.seen |= kind;
  }

  get count(): number {
    return this.#edited?.length ?? this.#marks.length / STRIDE;
  }

  /** Value of the first line of a kind. */
  ofKind(kind: number): string | undefined {
    if (this.#edited) return this.#edited.find((line) => line.kind === kind)?.value;
    const marks = this.#marks;
    for (let at = 3; at < marks.length; at += STRIDE) if (marks[at] === kind) return this.#value(at - 3);
    return undefined;
  }

  /** As `ofKind`, of lines as they came, but only spaces around the value are taken away: a tab stays. */
  framingValue(kind: number): string | undefined {
    const marks = this.#marks;
    for (let at = 3; at < marks.length; at += STRIDE) {
      if (marks[at] !== kind) continue;
      let start = (marks[at - 2] ?? 0) + 1;
      let end = marks[at - 1] ?? 0;
      while (start < end && this.text.charCodeAt(start) === SPACE) start++;
      while (end > start && this.text.charCodeAt(end - 1) === SPACE) end--;
      return this.text.slice(start, end);
    }
    return undefined;
  }

  allOfKind(kind: number): string[] {
    if (this.#edited) return this.#edited.filter((line) => line.kind === kind).map((line) => line.value);
    const values: string[] = [];
    const marks = this.#marks;
    for (let at = 3; at < marks.length; at += STRIDE) if (marks[at] === kind) values.push(this.#value(at - 3));
    return values;
  }

  /** Gives ordinary lines of that name another kind: those that a Connection header names. */
  reclassify(lowerName: string, kind: number): void {
    if (this.#edited) {
      for (const line of this.#edited) if (line.kind === 0 && line.name.toLowerCase() === lowerName) line.kind = kind;
      return;
    }
    const marks = this.#marks;
    for (let at = 0; at < marks.length; at += STRIDE) {
      if (marks[at + 3] === 0 && this.#named(at, lowerName)) marks[at + 3] = kind;
    }
  }

  get(lowerName: string): string | undefined {
    if (this.#edited) return this.#edited.find((line) => line.name.toLowerCase() === lowerName)?.value;
    for (let at = 0; at < this.#marks.length; at += STRIDE) if (this.#named(at, lowerName)) return this.#value(at);
    return undefined;
  }

  getAll(lowerName: string): string[] {
    if (this.#edited) {
      return this.#edited.filter((line) => line.name.toLowerCase() === lowerName).map((line) => line.value);
    }
    const values: string[] = [];
    for (let at = 0; at < this.#marks.length; at += STRIDE) {
      if (this.#named(at, lowerName)) values.push(this.#value(at));
    }
    return values;
  }

  has(lowerName: string): boolean {
    return this.get(lowerName) !== undefined;
  }

  set(name: string, value: string): void {
    const lines = this.#edit();
    const lowerName = name.toLowerCase();
    const first = lines.findIndex((line) => line.name.toLowerCase() === lowerName);
    if (first < 0) return this.add(name, value);
    lines[first] = addedLine(name, value);
    this.#edited = lines.filter((line, index) => index <= first || line.name.toLowerCase() !== lowerName);
  }

  add(name: string, value: string): void {
    this.#edit().push(addedLine(name, value));
  }

  remove(lowerName: string): void {
    if (!this.has(lowerName)) return;
    this.#edited = this.#edit().filter((line) => line.name.toLowerCase() !== lowerName);
  }

  entries(): [string, string][] {
    if (this.#edited) return this.#edited.map(({ name, value }) => [name, value]);
    const lines: [string, string][] = [];
    for (let at = 0; at < this.#marks.length; at += STRIDE) lines.push([this.#name(at), this.#value(at)]);
    return lines;
  }

  /** Lines without those whose kind is in `skip`, as `[name, value, kind]`: for HTTP/2. */
  kept(skip: number): [string, string][] {
    if (this.#edited) return this.#edited.filter((line) => !(line.kind & skip)).map(({ name, value }) => [name, value]);
    const lines: [string, string][] = [];
    for (let at = 0; at < this.#marks.length; at += STRIDE) {
      if (!((this.#marks[at + 3] ?? 0) & skip)) lines.push([this.#name(at), this.#value(at)]);
    }
    return lines;
  }

  /** Wire form of all lines but those whose kind is in `skip`; neighbours that came together leave as one slice. */
  serialize(skip: number): string {
    if (this.#edited) {
      let out = '';
      for (const { name, value, kind } of this.#edited) if (!(kind & skip)) out += `${name}: ${value}\r\n`;
      return out;
    }
    const marks = this.#marks;
    const { length } = marks;
    let out = '';
    let from = -1;
    for (let at = 0; at < length; at += STRIDE) {
      if ((marks[at + 3] ?? 0) & skip) {
        if (from >= 0) out += this.text.slice(from, marks[at]);
        from = -1;
      } else if (from < 0) from = marks[at] ?? 0;
    }
    return from < 0 ? out : out + this.text.slice(from, (marks[length - 2] ?? 0) + 2);
  }

  #named(at: number, lowerName: string): boolean {
    const start = this.#marks[at] ?? 0;
    return (this.#marks[at + 1] ?? 0) - start === lowerName.length && equalsIgnoringCase(this.text, start, lowerName);
  }

  #name(at: number): string {
    return this.text.slice(this.#marks[at], this.#marks[at + 1]);
  }

  #value(at: number): string {
    let start = (this.#marks[at + 1] ?? 0) + 1;
    let end = this.#marks[at + 2] ?? 0;
    while (start < end && isBlank(this.text.charCodeAt(start))) start++;
    while (end > start && isBlank(this.text.charCodeAt(end - 1))) end--;
    return this.text.slice(start, end);
  }

  #edit(): EditedLine[] {
    if (this.#edited) return this.#edited;
    const lines: EditedLine[] = [];
    for (let at = 0; at < this.#marks.length; at += STRIDE) {
      lines.push({ name: this.#name(at), value: this.#value(at), kind: this.#marks[at + 3] ?? 0 });
    }
    this.#edited = lines;
    return lines;
  }
}

interface EditedLine {
  readonly name: string;
  readonly value: string;
  kind: number;
}

/** A forwarding line that a filter writes is ours: it is not stripped with what the client claims. */
function addedLine(name: string, value: string): EditedLine {
  const kind = classify(name, 0, name.length);
  return { name, value: value.replaceAll(/[\r\n\0]/g, ' '), kind: kind & FORWARDING ? 0 : kind };
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
