import type { CompiledRoute } from './compiled-route.ts';
import type { HostKey, HostMatcher } from './host-matcher.ts';
import type { MatchContext } from './match-context.ts';
import type { PathKey } from './path-matcher.ts';
import { PathTrie, type Probe } from './path-trie.ts';

/** Paths of the routes of one host pattern, a trie for each way to read a path. */
class Bucket {
  #raw: PathTrie | undefined;
  #normalized: PathTrie | undefined;

  add(key: PathKey, view: 'raw' | 'normalized', route: number): void {
    const trie = view === 'raw' ? (this.#raw ??= new PathTrie()) : (this.#normalized ??= new PathTrie());
    trie.add(key, route);
  }

  search(context: MatchContext, best: number, probe: Probe): number {
    let found = best;
    if (this.#raw) found = this.#raw.search(context.path.raw, found, probe);
    if (this.#normalized) found = this.#normalized.search(context.path.normalized, found, probe);
    return found;
  }
}

const ANYWHERE: PathKey = { head: [], open: true };

/** Files routes by host, then by path. */
export class HostIndex {
  readonly #exact = new Map<string, Bucket>();
  readonly #suffix = new Map<string, Bucket>();
  readonly #any = new Bucket();

  /** Routes must come in matching order. */
  add(route: CompiledRoute): void {
    const hosts: readonly (HostMatcher | undefined)[] = route.route.match.hosts ? route.hosts : [undefined];
    for (const host of hosts) {
      const bucket = this.#bucketFor(host?.key ?? { kind: 'any' });
      if (!route.route.match.paths) bucket.add(ANYWHERE, route.view, route.index);
      for (const [place, path] of route.paths.entries()) {
        // Ant patterns do not count empty segments, which the raw reading keeps: no trie can file them.
        const unfiled = route.view === 'raw' && route.route.match.paths?.[place]?.kind === 'ant';
        bucket.add(unfiled ? ANYWHERE : path.key, route.view, route.index);
      }
    }
  }

  search(context: MatchContext, probe: Probe): number {
    let best = Number.POSITIVE_INFINITY;
    if (this.#exact.size > 0 || this.#suffix.size > 0) best = this.#searchNamed(context, best, probe);
    return this.#any.search(context, best, probe);
  }

  #searchNamed(context: MatchContext, first: number, probe: Probe): number {
    const host = context.host.key;
    let best = first;
    if (this.#exact.size > 0) best = this.#exact.get(host)?.search(context, best, probe) ?? best;
    if (this.#suffix.size > 0) {
      for (let start = 0; ;) {
        best = this.#suffix.get(start === 0 ? host : host.slice(start))?.search(context, best, probe) ?? best;
        const dot = host.indexOf('.', start);
        if (dot < 0) break;
        start = dot + 1;
      }
    }
    return best;
  }

  #bucketFor(key: HostKey): Bucket {
    if (key.kind === 'any') return this.#any;
    const map = key.kind === 'exact' ? this.#exact : this.#suffix;
    const name = key.kind === 'exact' ? key.host : key.suffix;
    let bucket = map.get(name);
    if (!bucket) map.set(name, (bucket = new Bucket()));
    return bucket;
  }
}
