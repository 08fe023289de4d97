import { closingBrace, compileSegment, type SegmentMatcher, type Variables } from './segment.ts';

/** `**`, or `{*name}` when named: any number of segments. */
interface AnyNumber {
  readonly kind: 'any-number';
  readonly name: string | undefined;
}

type Element = SegmentMatcher | AnyNumber;

/**
 * A pattern over a list of texts: segments of a path or labels of a host. Matching is the greedy algorithm for globs:
 * after a mismatch only the last `**` takes one more, so the cost is bounded by the product of both lengths.
 */
export class Glob {
  readonly #elements: readonly Element[];
  readonly #separator: string;
  /** Where each element matched last; only meaningful right after a match. */
  readonly #places: number[] = [];
  readonly capturing: boolean;

  constructor(elements: readonly Element[], separator: string) {
    this.#elements = elements;
    this.#separator = separator;
    this.capturing = elements.some((element) =>
      'kind' in element ? element.name !== undefined : 'capture' in element,
    );
  }

  /** Parts of the pattern that hold for the first texts: a literal, or undefined for exactly one of any kind. */
  get head(): (string | undefined)[] {
    const end = this.#elements.findIndex((element) => 'kind' in element);
    const fixed = end < 0 ? this.#elements : this.#elements.slice(0, end);
    return fixed.map((element) => ('kind' in element ? undefined : element.literal));
  }

  get open(): boolean {
    return this.#elements.some((element) => 'kind' in element);
  }

  get endsOpen(): boolean {
    const last = this.#elements.at(-1);
    return last !== undefined && 'kind' in last;
  }

  matches(texts: readonly string[], count: number): boolean {
    const elements = this.#elements;
    let at = 0;
    let element = 0;
    let star = -1;
    let starAt = 0;
    while (at < count) {
      const current = elements[element];
      if (current !== undefined && 'kind' in current) {
        this.#places[element] = at;
        star = element++;
        starAt = at;
      } else if (current !== undefined && current.matches(texts[at] ?? '', element === elements.length - 1)) {
        this.#places[element++] = at++;
      } else if (star >= 0) {
        element = star + 1;
        at = ++starAt;
      } else {
        return false;
      }
    }
    for (; element < elements.length; element++) {
      const rest = elements[element];
      if (rest === undefined || !('kind' in rest)) return false;
      this.#places[element] = count;
    }
    return true;
  }

  /** Variables of the match that `matches` just found in the same texts. */
  capture(texts: readonly string[], count: number, into: Variables): void {
    for (const [index, element] of this.#elements.entries()) {
      const from = this.#places[index] ?? count;
      if (!('kind' in element)) {
        element.capture?.(texts[from] ?? '', into);
      } else if (element.name !== undefined) {
        const to = this.#places[index + 1] ?? count;
        into[element.name] = texts
          .slice(from, index + 1 < this.#elements.length ? to : count)
          .map((text) => this.#separator + text)
          .join('');
      }
    }
  }
}

/** Compiles `/`- or `.`-separated text; braces may hold the separator. Empty parts are kept unless `skipEmpty`. */
export function compileGlob(pattern: string, separator: string, ignoreCase: boolean, skipEmpty: boolean): Glob {
  const parts = split(pattern, separator).filter((part) => !skipEmpty || part !== '');
  return new Glob(
    parts.map((part): Element => {
      if (part === '**') return { kind: 'any-number', name: undefined };
      const rest = /^\{\*([^{}]+)\}$/.exec(part);
      return rest ? { kind: 'any-number', name: rest[1] } : compileSegment(part, ignoreCase);
    }),
    separator,
  );
}

function split(pattern: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '{') at = closingBrace(pattern, at);
    else if (char === separator) {
      parts.push(pattern.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(pattern.slice(start));
  return parts;
}
