import { styleOf } from './yaml-scalar-style.ts';

/** Columns after which a text is folded at the next single space. */
const BEST_WIDTH = 80;
const INDENT = 2;
const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\u0085': 'N',
  '\u00a0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

/** Where a text begins, and how far its further lines are indented. */
export interface TextPlace {
  readonly column: number;
  readonly indent: number;
  readonly isKey: boolean;
}

/** A text as SnakeYAML's emitter writes it, folded where it folds. */
export function yamlTextOf(text: string, place: TextPlace): string {
  switch (styleOf(text, place.isKey)) {
    case 'single': {
      const inside = { ...place, column: place.column + 1 };
      return `'${folded(text.replaceAll("'", "''"), inside)}'`;
    }
    case 'double':
      return doubleQuoted(text, place);
    case 'literal':
      return literal(text, place.indent);
    case 'binary':
      return `!!binary |-\n${' '.repeat(place.indent)}${Buffer.from(text, 'utf8').toString('base64')}`;
    case 'plain':
    default:
      return folded(text, place);
  }
}

/** Breaks lines at single spaces that stand beyond the width, but not at the ends; runs of spaces are kept whole. */
function folded(text: string, { column, indent, isKey }: TextPlace): string {
  if (isKey) return text;
  let written = '';
  let at = column;
  const parts = text.split(/( +)/);
  for (const [index, part] of parts.entries()) {
    const isEnd = (index === 1 && parts[0] === '') || (index === parts.length - 2 && parts.at(-1) === '');
    if (part === ' ' && at > BEST_WIDTH && !isEnd) {
      written += `\n${' '.repeat(indent)}`;
      at = indent;
    } else {
      written += part;
      at += part.length;
    }
  }
  return written;
}

function doubleQuoted(text: string, { column, indent, isKey }: TextPlace): string {
  let written = '"';
  let at = column + 1;
  const write = (piece: string): void => {
    written += piece;
    at += piece.length;
  };
  let start = 0;
  for (let end = 0; end < text.length;) {
    const codePoint = text.codePointAt(end) ?? 0;
    const character = String.fromCodePoint(codePoint);
    const special = /["\\\u0085\u2028\u2029\ufeff]|[^\x20-\x7e]/u.test(character);
    if (special) {
      write(text.slice(start, end));
      write(escaped(character, codePoint));
      start = end + character.length;
    }
    const inside = end > 0 && end < text.length - 1;
    if (!isKey && inside && (character === ' ' || special) && at + Math.max(0, end - start) > BEST_WIDTH) {
      write(text.slice(start, Math.max(start, end)));
      start = Math.max(start, end);
      written += `\\\n${' '.repeat(indent)}`;
      at = indent;
      if (text[start] === ' ') write('\\');
    }
    end += character.length;
  }
  return `${written}${text.slice(start)}"`;
}

function escaped(character: string, codePoint: number): string {
  const short = ESCAPES[character];
  if (short !== undefined) return `\\${short}`;
  if ((codePoint >= 0xa0 && codePoint <= 0xd7ff) || (codePoint >= 0xe000 && codePoint <= 0xfffd)) {
    return codePoint === 0xfeff ? '\\ufeff' : character;
  }
  if (codePoint >= 0x10000) return character;
  const hex = codePoint.toString(16);
  return codePoint <= 0xff ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

function literal(text: string, indent: number): string {
  const lead = /^[ \n\u0085\u2028\u2029]/.test(text) ? String(INDENT) : '';
  const tail = !/[\n\u0085\u2028\u2029]$/.test(text)
    ? '-'
    : /^.?[\n\u0085\u2028\u2029]$|[\n\u0085\u2028\u2029]{2}$/.test(text)
      ? '+'
      : '';
  const lines = text.replace(/\n$/, '').split('\n');
  const shown = lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
  return `|${lead}${tail}\n${shown.join('\n')}`;
}
