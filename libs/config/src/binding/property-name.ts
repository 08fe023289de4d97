/** One step of a property name: `servers[0].host` is `servers`, `0` (an index), `host`. */
export type NameSegment = string | number;

const LEGACY_INDEX = /^\d+$/;

/**
 * Splits a flat key. `[12]` is a list index, `[any text]` a map key taken exactly, dots separate everything else.
 * An unclosed bracket is plain text.
 */
export function parsePropertyName(key: string): readonly NameSegment[] {
  const segments: NameSegment[] = [];
  let text = '';
  for (let at = 0; at < key.length; at++) {
    const char = key[at] ?? '';
    const end = char === '[' ? key.indexOf(']', at) : -1;
    if (end > at) {
      if (text !== '') segments.push(text);
      text = '';
      const inside = key.slice(at + 1, end);
      segments.push(LEGACY_INDEX.test(inside) ? Number(inside) : inside);
      at = end;
    } else if (char === '.') {
      if (text !== '') segments.push(text);
      text = '';
    } else {
      text += char;
    }
  }
  if (text !== '') segments.push(text);
  return segments;
}

/** What all spellings of one name have in common: `max-age`, `maxAge`, `max_age` and `MAXAGE` are `maxage`. */
export function uniformName(segment: string): string {
  return segment.replaceAll(/[-_]/g, '').toLowerCase();
}
