import { percentDecode } from './percent.ts';

/** A path cut into decoded segments: `/a/b/` has `a`, `b` and an empty one. Reused for every request. */
export class SegmentedPath {
  text = '';
  readonly segments: string[] = [];
  count = 0;

  segment(index: number): string {
    return this.segments[index] ?? '';
  }

  /** Splits at `/`; each segment goes through `read`. */
  assign(text: string, read: (segment: string) => string): void {
    this.text = text;
    this.count = 0;
    let start = text.startsWith('/') ? 1 : 0;
    for (;;) {
      const end = text.indexOf('/', start);
      const segment = end < 0 ? text.slice(start) : text.slice(start, end);
      this.segments[this.count++] = read(segment);
      if (end < 0) return;
      start = end + 1;
    }
  }
}

/** Value of one raw segment: without `;parameters`, decoded. `%2F` stays inside its segment. */
export function readSegment(raw: string): string {
  const parameters = raw.indexOf(';');
  return percentDecode(parameters < 0 ? raw : raw.slice(0, parameters));
}

/** The path as Zuul's UrlPathHelper reads it: parameters dropped, decoded as a whole, `//` merged. */
export function normalizePath(raw: string): string {
  let path = raw;
  if (path.includes(';')) path = path.replaceAll(/;[^/]*/g, '');
  path = percentDecode(path);
  return path.includes('//') ? path.replaceAll(/\/{2,}/g, '/') : path;
}

const asIs = (segment: string): string => segment;

/** Both readings of the path of the request at hand, each made when first asked for. */
export class PathViews {
  #path = '';
  readonly #raw = new SegmentedPath();
  readonly #normalized = new SegmentedPath();
  #hasRaw = false;
  #hasNormalized = false;

  reset(path: string): void {
    this.#path = path;
    this.#hasRaw = this.#hasNormalized = false;
  }

  get(view: 'raw' | 'normalized'): SegmentedPath {
    return view === 'raw' ? this.raw : this.normalized;
  }

  get raw(): SegmentedPath {
    if (!this.#hasRaw) {
      const plain = !this.#path.includes('%') && !this.#path.includes(';');
      this.#raw.assign(this.#path, plain ? asIs : readSegment);
      this.#hasRaw = true;
    }
    return this.#raw;
  }

  get normalized(): SegmentedPath {
    if (!this.#hasNormalized) {
      this.#normalized.assign(normalizePath(this.#path), asIs);
      this.#hasNormalized = true;
    }
    return this.#normalized;
  }
}
