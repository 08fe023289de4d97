import { looksTyped } from './yaml-scalar.ts';

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'binary';

const BREAK = /[\n\u0085\u2028\u2029]/;
const BLANK_OR_BREAK = /[\0 \t\n\u0085\u2028\u2029]/;
const BREAK_THEN_SPACE = /[\n\u0085\u2028\u2029] /;
const SPACE_THEN_BREAK = / [\n\u0085\u2028\u2029]/;
const ODD = /[^\n\x20-\x7e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const UNPRINTABLE = /[^\t\n\r\x20-\x7e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
/** Read as a date by SnakeYAML, though not by Spring: text that looks like one is quoted. */
const TIMESTAMP =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;

/** How SnakeYAML writes a text: as plainly as what reads it back as the same text allows. Keys stay on one line. */
export function styleOf(text: string, isKey: boolean): ScalarStyle {
  if (UNPRINTABLE.test(text)) return 'binary';
  const multiline = BREAK.test(text);
  const odd = ODD.test(text) || SPACE_THEN_BREAK.test(text);
  if (multiline) {
    // A space at the very end of a block would be lost from sight.
    if (!isKey && !odd && !text.endsWith(' ')) return 'literal';
    return !odd && !isKey && !BREAK_THEN_SPACE.test(text) ? 'single' : 'double';
  }
  if (odd) return 'double';
  return allowsPlain(text) ? 'plain' : 'single';
}

function allowsPlain(text: string): boolean {
  if (text === '' || text.startsWith(' ') || text.endsWith(' ')) return false;
  if (looksTyped(text) || TIMESTAMP.test(text) || text === '<<') return false;
  if (text.startsWith('---') || text.startsWith('...') || /^[#,[\]{}&*!|>'"%@`]/.test(text)) return false;
  const blankAt = (index: number): boolean => index >= text.length || BLANK_OR_BREAK.test(text.charAt(index));
  if (/^[-?:]/.test(text) && blankAt(1)) return false;
  for (let index = 1; index < text.length; index++) {
    if (text[index] === ':' && blankAt(index + 1)) return false;
    if (text[index] === '#' && BLANK_OR_BREAK.test(text.charAt(index - 1))) return false;
  }
  return true;
}
