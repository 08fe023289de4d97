import type { PathKey } from './path-matcher.ts';
import type { SegmentedPath } from './path-view.ts';

/** Looks through a bucket, in order, for a route better than `best`; answers the better of both. */
export type Probe = (bucket: readonly number[], best: number) => number;

class Node {
  literals: Map<string, Node> | undefined;
  any: Node | undefined;
  /** Routes for paths that end here, a trailing slash aside. */
  readonly ends: number[] = [];
  /** Routes for paths that end here or go on. */
  readonly open: number[] = [];

  child(segment: string | undefined): Node {
    if (segment === undefined) return (this.any ??= new Node());
    this.literals ??= new Map();
    let child = this.literals.get(segment);
    if (!child) this.literals.set(segment, (child = new Node()));
    return child;
  }
}

/** Files route numbers by the first segments of their paths. Finds too many rather than too few; probes decide. */
export class PathTrie {
  readonly #root = new Node();

  add({ head, open }: PathKey, route: number): void {
    let node = this.#root;
    for (const segment of head) node = node.child(segment);
    const bucket = open ? node.open : node.ends;
    if (bucket.at(-1) !== route) bucket.push(route);
  }

  /** The lowest route number that the probe accepts. Deepest buckets first: they hold fewer routes, and rarer ones. */
  search(path: SegmentedPath, best: number, probe: Probe): number {
    return search(this.#root, path, 0, best, probe);
  }
}

function search(node: Node, path: SegmentedPath, depth: number, best: number, probe: Probe): number {
  let found = best;
  const left = path.count - depth;
  if (left > 0) {
    const literal = node.literals?.get(path.segment(depth));
    if (literal) found = search(literal, path, depth + 1, found, probe);
    if (node.any) found = search(node.any, path, depth + 1, found, probe);
  }
  if (node.ends.length > 0 && (left === 0 || (left === 1 && path.segment(depth) === ''))) {
    found = probe(node.ends, found);
  }
  return node.open.length > 0 ? probe(node.open, found) : found;
}
