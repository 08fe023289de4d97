import type { Property } from '../property-source.ts';
import type { NameSegment } from './property-name.ts';

/** A value under one exact spelling of a key. A lower `rank` is stronger. */
export interface TreeValue {
  readonly key: string;
  readonly rank: number;
  readonly property: Property;
  /** Somebody asked for it, or for something stronger under the same name. */
  read: boolean;
}

/** Names below one spelling of a prefix. Children keep the order in which they were first written. */
export class TreeNode {
  readonly values: TreeValue[] = [];
  readonly children = new Map<string, TreeNode>();
  /** Lists are not merged: the elements of each rank stand apart, and the strongest list wins whole. */
  readonly lists = new Map<number, Map<number, TreeNode>>();

  insert(segments: readonly NameSegment[], value: TreeValue): void {
    const [head, ...rest] = segments;
    if (head === undefined) {
      this.values.push(value);
      this.values.sort((a, b) => a.rank - b.rank);
      return;
    }
    this.#below(head, value.rank).insert(rest, value);
  }

  #below(segment: NameSegment, rank: number): TreeNode {
    if (typeof segment === 'string') return createIn(this.children, segment);
    const list = this.lists.get(rank) ?? new Map<number, TreeNode>();
    this.lists.set(rank, list);
    return createIn(list, segment);
  }

  /** Every value at or below this node, in writing order of the keys. */
  *all(): Generator<TreeValue> {
    yield* this.values;
    for (const list of this.lists.values()) for (const item of list.values()) yield* item.all();
    for (const child of this.children.values()) yield* child.all();
  }
}

function createIn<Key>(map: Map<Key, TreeNode>, key: Key): TreeNode {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = new TreeNode();
  map.set(key, created);
  return created;
}
