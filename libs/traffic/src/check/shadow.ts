import type { Match, PathMatch } from '../match.ts';
import type { Route } from '../model.ts';

/**
 * Finds routes that an earlier one never lets through: the same conditions, no conditions at all, or only paths that
 * cover all of theirs. Looks things up instead of comparing pairs, so ten thousand routes are checked at once.
 */
export class ShadowFinder {
  readonly #same = new Map<string, string>();
  /** Literal prefixes that a route with no other condition takes whole, by reading of the path. */
  readonly #prefixes = new Map<string, string>();
  readonly #paths = new Map<string, string>();
  #all: string | undefined;

  /** Id of an earlier route that takes every request of this one; the route is remembered either way. */
  add(route: Route): string | undefined {
    const { match } = route;
    const text = JSON.stringify(match);
    const shadow = this.#all ?? (match.weight ? undefined : this.#same.get(text)) ?? this.#coverOf(match);
    this.#remember(route, text);
    return shadow;
  }

  #coverOf(match: Match): string | undefined {
    const covers = (match.paths ?? []).map((path) => this.#coverOfPath(path, viewOf(match)));
    return covers.every((cover) => cover !== undefined) ? covers[0] : undefined;
  }

  #coverOfPath(path: PathMatch, view: string): string | undefined {
    const same = this.#paths.get(view + JSON.stringify(path));
    if (same !== undefined || path.ignoreCase === true || path.kind === 'regex') return same;
    let prefix = literalPrefix(path);
    for (;;) {
      const cover = this.#prefixes.get(view + prefix);
      if (cover !== undefined || prefix === '') return cover;
      prefix = prefix.slice(0, prefix.lastIndexOf('/'));
    }
  }

  #remember(route: Route, text: string): void {
    const { id, match } = route;
    if (!this.#same.has(text)) this.#same.set(text, id);
    const conditions = Object.entries(match).filter(([name, value]) => name !== 'pathView' && value !== undefined);
    if (conditions.length === 0) this.#all ??= id;
    if (conditions.length !== 1 || !match.paths) return;
    for (const path of match.paths) {
      const view = viewOf(match);
      const key = view + JSON.stringify(path);
      if (!this.#paths.has(key)) this.#paths.set(key, id);
      const whole = wholePrefix(path);
      if (whole !== undefined && !this.#prefixes.has(view + whole)) this.#prefixes.set(view + whole, id);
    }
  }
}

const viewOf = (match: Match): string => `${match.pathView ?? 'raw'} `;

/** `/a/b` of `/a/b/**`, or of the segment prefix `/a/b`: every path at or below it is taken. */
function wholePrefix({ kind, value }: PathMatch): string | undefined {
  if (kind === 'prefix') return value.replace(/\/$/, '');
  if ((kind !== 'pattern' && kind !== 'ant') || !value.endsWith('/**')) return undefined;
  const prefix = value.slice(0, -3);
  return /[*?{]/.test(prefix) ? undefined : prefix;
}

/** The leading segments without wildcards; `text-prefix` may go on inside its last one. */
function literalPrefix({ kind, value }: PathMatch): string {
  if (kind === 'text-prefix') return value.slice(0, Math.max(0, value.lastIndexOf('/')));
  const wild = value.search(/[*?{]/);
  const literal = wild < 0 ? value : value.slice(0, value.lastIndexOf('/', wild));
  return literal.replace(/\/$/, '');
}
