import type { Property } from '../property-source.ts';
import { uniformName, type NameSegment } from './property-name.ts';

/** A value under one exact spelling of a key. A lower `rank` is stronger. */
export interface TreeValue {
  readonly key: string;
  readonly rank: number;
  readonly property: Property;
  /** Somebody asked for it, or for something stronger under the same name. */
  read: boolean;
}

type Spelling = readonly [key: string, node: TreeNode];

const NO_CHILDREN: ReadonlyMap<string, TreeNode> = new Map();
const NO_LISTS: ReadonlyMap<number, ReadonlyMap<number, TreeNode>> = new Map();
const NO_SPELLINGS: readonly Spelling[] = [];

/** Names below one spelling of a prefix. Most nodes are leaves: what they lack they do not allocate. */
export class TreeNode {
  /** Strongest first. */
  readonly values: TreeValue[] = [];
  #children: Map<string, TreeNode> | undefined;
  #spellings: Map<string, Spelling[]> | undefined;
  #lists: Map<number, Map<number, TreeNode>> | undefined;

  /** By exact key, in the order in which they were first written. */
  get children(): ReadonlyMap<string, TreeNode> {
    return this.#children ?? NO_CHILDREN;
  }

  /** Lists are not merged: the elements of each rank stand apart, and the strongest list wins whole. */
  get lists(): ReadonlyMap<number, ReadonlyMap<number, TreeNode>> {
    return this.#lists ?? NO_LISTS;
  }

  /** Children under any spelling of a name, each with its own. */
  spelled(name: string): readonly Spelling[] {
    return this.#spellings?.get(uniformName(name)) ?? NO_SPELLINGS;
  }

  insert(segments: readonly NameSegment[], value: TreeValue): void {
    let node = this.#below(segments[0], value.rank);
    for (const segment of segments.slice(1)) node = node.#below(segment, value.rank);
    node.values.push(value);
    if (node.values.length > 1) node.values.sort((a, b) => a.rank - b.rank);
  }

  /** Every value at or below this node, in writing order of the keys. */
  *all(): Generator<TreeValue> {
    yield* this.values;
    for (const list of this.lists.values()) for (const item of list.values()) yield* item.all();
    for (const child of this.children.values()) yield* child.all();
  }

  #below(segment: NameSegment | undefined, rank: number): TreeNode {
    if (segment === undefined) return this;
    if (typeof segment === 'string') return this.#child(segment);
    this.#lists ??= new Map();
    const list = this.#lists.get(rank) ?? new Map<number, TreeNode>();
    this.#lists.set(rank, list);
    const item = list.get(segment) ?? new TreeNode();
    list.set(segment, item);
    return item;
  }

  #child(key: string): TreeNode {
    this.#children ??= new Map();
    this.#spellings ??= new Map();
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const created = new TreeNode();
    this.#children.set(key, created);
    const uniform = uniformName(key);
    const spellings = this.#spellings.get(uniform) ?? [];
    spellings.push([key, created]);
    this.#spellings.set(uniform, spellings);
    return created;
  }
}
