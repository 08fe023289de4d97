import type { HostMatch } from '#traffic';
import { compileGlob, type Glob } from './glob.ts';
import type { Variables } from './segment.ts';

/** The host of the request at hand, cut into labels when a pattern asks. Reused for every request. */
export class HostView {
  #authority = '';
  readonly #withPort = new Labels();
  readonly #name = new Labels();
  #key: string | undefined;

  /** Does nothing yet: many routers never ask for the host. */
  reset(authority: string): void {
    this.#authority = authority;
    this.#key = undefined;
  }

  /** Lower case, without the port: what the index is asked with. */
  get key(): string {
    return this.#key ?? this.#parse();
  }

  labels(withPort: boolean): Labels {
    if (this.#key === undefined) this.#parse();
    return withPort ? this.#withPort : this.#name;
  }

  #parse(): string {
    const name = this.#authority.slice(0, portStart(this.#authority));
    this.#withPort.reset(this.#authority);
    this.#name.reset(name);
    this.#key = name.toLowerCase();
    return this.#key;
  }
}

/** `.`-separated parts of a text, made when first asked for. */
export class Labels {
  text = '';
  readonly #labels: string[] = [];
  #count = -1;

  reset(text: string): void {
    this.text = text;
    this.#count = -1;
  }

  get count(): number {
    if (this.#count < 0) {
      this.#count = 0;
      let start = 0;
      for (let end = this.text.indexOf('.'); end >= 0; end = this.text.indexOf('.', start)) {
        this.#labels[this.#count++] = this.text.slice(start, end);
        start = end + 1;
      }
      this.#labels[this.#count++] = this.text.slice(start);
    }
    return this.#count;
  }

  get list(): readonly string[] {
    return this.#labels;
  }
}

/** Index of the colon before the port, or the length: `[::1]:80` has it after the bracket. */
function portStart(authority: string): number {
  const colon = authority.indexOf(':', authority.startsWith('[') ? authority.indexOf(']') : 0);
  return colon < 0 ? authority.length : colon;
}

/** Where an index may file a host pattern so that no host it matches is missed. */
export type HostKey =
  | { readonly kind: 'exact'; readonly host: string }
  /** The last labels are literal: `a.org` of `*.a.org`; the host may be just them. */
  | { readonly kind: 'suffix'; readonly suffix: string }
  | { readonly kind: 'any' };

export class HostMatcher {
  readonly key: HostKey;
  readonly capturing: boolean;
  readonly #glob: Glob;
  readonly #withPort: boolean;

  constructor(match: HostMatch) {
    const port = patternPort(match.value);
    this.#withPort = match.includePort === true || port < match.value.length;
    this.#glob = compileGlob(match.value, '.', match.caseSensitive !== true, false);
    this.capturing = this.#glob.capturing;
    this.key = keyOf(match.value.slice(0, port).toLowerCase());
  }

  matches(host: HostView): boolean {
    const labels = host.labels(this.#withPort);
    return labels.text !== '' && this.#glob.matches(labels.list, labels.count);
  }

  /** To be called right after `matches` was true. */
  capture(host: HostView, into: Variables): void {
    const labels = host.labels(this.#withPort);
    this.#glob.capture(labels.list, labels.count, into);
  }
}

/** As `portStart`, but a colon inside braces belongs to a variable's expression. */
function patternPort(pattern: string): number {
  let depth = 0;
  for (let at = pattern.startsWith('[') ? pattern.indexOf(']') : 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '{') depth++;
    else if (char === '}') depth--;
    else if (char === ':' && depth === 0) return at;
  }
  return pattern.length;
}

function keyOf(name: string): HostKey {
  const wild = Math.max(name.lastIndexOf('*'), name.lastIndexOf('?'), name.lastIndexOf('}'));
  if (wild < 0) return { kind: 'exact', host: name };
  const dot = name.indexOf('.', wild);
  return dot < 0 ? { kind: 'any' } : { kind: 'suffix', suffix: name.slice(dot + 1) };
}
