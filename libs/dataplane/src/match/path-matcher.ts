import type { PathMatch } from '#traffic';
import { compileFullMatch } from './bounded-regex.ts';
import { compileGlob, type Glob } from './glob.ts';
import { readSegment, type SegmentedPath } from './path-view.ts';
import type { Variables } from './segment.ts';

/** Where a trie may file a pattern so that no path it matches is missed. */
export interface PathKey {
  /** First segments: a literal, or undefined for any one. */
  readonly head: readonly (string | undefined)[];
  /** Paths may go on after the head. */
  readonly open: boolean;
}

export interface PathMatcher {
  readonly key: PathKey;
  readonly capturing: boolean;
  matches(path: SegmentedPath): boolean;
  /** To be called right after `matches` was true for the same path. */
  capture(path: SegmentedPath, into: Variables): void;
}

const ANYWHERE: PathKey = { head: [], open: true };

/** Matchers that look at the text and capture nothing. */
function textMatcher(key: PathKey, matches: (path: SegmentedPath) => boolean): PathMatcher {
  return { key, capturing: false, matches, capture: () => undefined };
}

const withSlash = (value: string): string => (value.startsWith('/') ? value : `/${value}`);

function exact(match: PathMatch): PathMatcher {
  const fold = foldCase(match);
  const wanted = withSlash(match.value).slice(1).split('/').map(readSegment).map(fold);
  return textMatcher(
    keyOf(wanted, match, false),
    (path) => path.count === wanted.length && startsWith(path, wanted, fold),
  );
}

/** `/a` covers `/a`, `/a/` and `/a/b`; a trailing slash of the prefix says nothing. */
function prefix(match: PathMatch): PathMatcher {
  const fold = foldCase(match);
  const wanted = withSlash(match.value).slice(1).replace(/\/$/, '').split('/').map(readSegment).map(fold);
  if (wanted.length === 1 && wanted[0] === '') return textMatcher(ANYWHERE, () => true);
  return textMatcher(
    keyOf(wanted, match, true),
    (path) => path.count >= wanted.length && startsWith(path, wanted, fold),
  );
}

function textPrefix(match: PathMatch): PathMatcher {
  const wanted = withSlash(match.value);
  if (match.ignoreCase === true) {
    const lower = wanted.toLowerCase();
    return textMatcher(ANYWHERE, ({ text }) => text.slice(0, lower.length).toLowerCase() === lower);
  }
  const whole = wanted.slice(1).split('/').slice(0, -1).map(readSegment);
  return textMatcher({ head: whole, open: true }, ({ text }) => text.startsWith(wanted));
}

function regex(match: PathMatch): PathMatcher {
  const test = compileFullMatch(match.value, match.ignoreCase);
  return textMatcher(ANYWHERE, ({ text }) => test(text));
}

/** Spring's PathPattern on decoded segments; `//` is a segment that is empty. */
class PatternMatcher implements PathMatcher {
  readonly key: PathKey;
  readonly capturing: boolean;
  readonly #glob: Glob;
  readonly #trailingSlash: boolean;

  constructor(match: PathMatch) {
    this.#glob = compileGlob(withSlash(match.value).slice(1), '/', match.ignoreCase === true, false);
    this.capturing = this.#glob.capturing;
    this.key = keyOfGlob(this.#glob);
    this.#trailingSlash = match.trailingSlash === true && !this.#glob.endsOpen;
  }

  matches(path: SegmentedPath): boolean {
    return this.#glob.matches(path.segments, path.count) || this.#matchesWithoutSlash(path);
  }

  capture(path: SegmentedPath, into: Variables): void {
    this.#glob.capture(path.segments, path.count, into);
  }

  /** One trailing slash may be ignored when a segment stands before it. */
  #matchesWithoutSlash({ segments, count }: SegmentedPath): boolean {
    if (!this.#trailingSlash || count < 2 || segments[count - 1] !== '' || segments[count - 2] === '') return false;
    return this.#glob.matches(segments, count - 1);
  }
}

/** Spring's AntPathMatcher: empty segments do not count, but a trailing slash must be there on both sides or on none. */
class AntMatcher implements PathMatcher {
  readonly key: PathKey;
  readonly capturing: boolean;
  readonly #glob: Glob;
  readonly #slash: boolean;
  readonly #endsInStar: boolean;
  readonly #texts: string[] = [];
  #count = 0;

  constructor(match: PathMatch) {
    this.#glob = compileGlob(withSlash(match.value), '/', match.ignoreCase === true, true);
    this.capturing = this.#glob.capturing;
    this.key = keyOfGlob(this.#glob);
    this.#slash = match.value.length > 1 && match.value.endsWith('/');
    this.#endsInStar = match.value.endsWith('/*');
  }

  matches(path: SegmentedPath): boolean {
    this.#count = 0;
    for (let index = 0; index < path.count; index++) {
      const text = path.segment(index);
      if (text !== '') this.#texts[this.#count++] = text;
    }
    const slash = this.#count > 0 && path.segment(path.count - 1) === '';
    if (slash === this.#slash || this.#glob.endsOpen) return this.#glob.matches(this.#texts, this.#count);
    // `/users/*` covers `/users/`, whose last segment is empty.
    if (!slash || !this.#endsInStar) return false;
    this.#texts[this.#count++] = '';
    return this.#glob.matches(this.#texts, this.#count);
  }

  capture(_path: SegmentedPath, into: Variables): void {
    this.#glob.capture(this.#texts, this.#count, into);
  }
}

const COMPILERS: Readonly<Record<PathMatch['kind'], (match: PathMatch) => PathMatcher>> = {
  exact,
  prefix,
  'text-prefix': textPrefix,
  regex,
  pattern: (match) => new PatternMatcher(match),
  ant: (match) => new AntMatcher(match),
};

export function compilePath(match: PathMatch): PathMatcher {
  return COMPILERS[match.kind](match);
}

type Fold = (text: string) => string;

function foldCase(match: PathMatch): Fold {
  return match.ignoreCase === true ? (text) => text.toLowerCase() : (text) => text;
}

function startsWith(path: SegmentedPath, wanted: readonly string[], fold: Fold): boolean {
  for (let index = 0; index < wanted.length; index++) {
    if (fold(path.segment(index)) !== wanted[index]) return false;
  }
  return true;
}

function keyOf(wanted: readonly string[], match: PathMatch, open: boolean): PathKey {
  return { head: withoutSlash(match.ignoreCase === true ? wanted.map(() => undefined) : wanted), open };
}

function keyOfGlob(glob: Glob): PathKey {
  return { head: glob.open ? glob.head : withoutSlash(glob.head), open: glob.open };
}

/** The trie files `/a/` with `/a`. */
function withoutSlash(head: readonly (string | undefined)[]): readonly (string | undefined)[] {
  return head.at(-1) === '' ? head.slice(0, -1) : head;
}
