import { parseDuration, type Problem, type SourceLocation } from '#kernel';
import type { Property } from '../property-source.ts';
import { parseDataSize } from './data-size.ts';
import { parsePropertyName, uniformName, type NameSegment } from './property-name.ts';
import { javaString } from '../value/java-string.ts';
import { splitCommas } from './property-text.ts';
import type { TreeNode, TreeValue } from './property-tree.ts';

/** Bounds of a number, both inclusive. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** What all nodes of one binding have in common. */
export interface BindingScope {
  readonly problems: Problem[];
  /** Puts in what `${…}` stands for. */
  resolve(text: string): string;
}

/**
 * A place in the bound properties, whether something is written there or not. Typed readers answer undefined where
 * nothing is written and where the text does not fit; the latter also leaves a problem.
 */
export class BoundNode {
  /** Last segment, as written: the key of a map entry. */
  readonly name: string;
  /** Whole key, as written. */
  readonly path: string;
  readonly #nodes: readonly TreeNode[];
  readonly #scope: BindingScope;

  constructor(name: string, path: string, nodes: readonly TreeNode[], scope: BindingScope) {
    this.name = name;
    this.path = path;
    this.#nodes = nodes;
    this.#scope = scope;
  }

  /** True when a value stands here or anywhere below. */
  get exists(): boolean {
    return this.#nodes.some((node) => node.all().next().done !== true);
  }

  /** Where the value here was written, else the first value below. */
  get location(): SourceLocation | undefined {
    const own = this.#value();
    if (own !== undefined) return own.property.origin;
    for (const node of this.#nodes) for (const value of node.all()) return value.property.origin;
    return undefined;
  }

  /** Text of the value that stands here, not below. */
  get text(): string | undefined {
    const value = this.#value();
    if (value === undefined) return undefined;
    this.#markValues();
    return this.#scope.resolve(javaString(value.property.value));
  }

  /** The value that stands here, placeholders resolved, with its origin. */
  get property(): Property | undefined {
    const property = this.#value()?.property;
    this.#markValues();
    return typeof property?.value === 'string' ? { ...property, value: this.#scope.resolve(property.value) } : property;
  }

  /** `at('client.connect-timeout')`, every segment in any spelling. */
  at(path: string): BoundNode {
    const [head, ...rest] = segmentsOf(path);
    return head === undefined
      ? this
      : rest.reduce<BoundNode>((node, segment) => node.#child(segment), this.#child(head));
  }

  /** Entries of a map, keys exact, in the order of the files. */
  entries(): readonly BoundNode[] {
    const groups = new Map<string, TreeNode[]>();
    for (const node of this.#nodes)
      for (const [key, child] of node.children) groups.set(key, [...(groups.get(key) ?? []), child]);
    return [...groups].map(([key, nodes]) => this.#make(key, nodes));
  }

  /** Entry of a map under exactly this key, which may hold dots. */
  entry(key: string): BoundNode {
    return this.#make(
      key,
      this.#nodes.flatMap((node) => node.children.get(key) ?? []),
    );
  }

  /** Elements of a list: those written with an index, from the strongest source that has any. A stronger text hides them. */
  items(): readonly BoundNode[] {
    const list = this.#strongestList();
    const own = this.#value();
    const isShadowed = list === undefined || (own !== undefined && own.rank < list.rank);
    this.#markListsExcept(isShadowed ? undefined : list.items);
    if (isShadowed) return [];
    const ordered = [...list.items].sort(([a], [b]) => a - b);
    return ordered.map(([index, node]) => new BoundNode(`${index}`, `${this.path}[${index}]`, [node], this.#scope));
  }

  string(path = ''): string | undefined {
    return this.at(path).text;
  }

  boolean(path = ''): boolean | undefined {
    const words: Readonly<Record<string, boolean>> = { true: true, on: true, yes: true, 1: true };
    const no: Readonly<Record<string, boolean>> = { false: false, off: false, no: false, 0: false };
    return this.#read(path, 'true or false', (text) => ({ ...words, ...no })[text.trim().toLowerCase()]);
  }

  /** A whole number within bounds. */
  integer(path = '', bounds: Bounds = {}): number | undefined {
    return this.#read(path, `a whole number${inWords(bounds)}`, (text) => {
      const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : undefined;
      return value === undefined || !isWithin(value, bounds) ? undefined : value;
    });
  }

  number(path = '', bounds: Bounds = {}): number | undefined {
    return this.#read(path, `a number${inWords(bounds)}`, (text) => {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      return Number.isNaN(value) || !isWithin(value, bounds) ? undefined : value;
    });
  }

  /** Milliseconds; a bare number has `defaultUnit`. */
  duration(path = '', defaultUnit = 'ms'): number | undefined {
    return this.#read(path, 'a duration such as 500ms, 2s or PT1M', (text) => parseDuration(text, defaultUnit));
  }

  /** Bytes; a bare number has `defaultUnit`. */
  dataSize(path = '', defaultUnit = 'B'): number | undefined {
    return this.#read(path, 'a size such as 16KB or 5MB', (text) => parseDataSize(text, defaultUnit));
  }

  /** One of the given words, in any spelling of case and dashes. */
  oneOf<Word extends string>(path: string, words: readonly Word[]): Word | undefined {
    return this.#read(path, `one of ${words.join(', ')}`, (text) =>
      words.find((word) => uniformName(word) === uniformName(text.trim())),
    );
  }

  /** Indexed elements, or a comma string. Undefined when nothing is written; empty when written empty. */
  list(path = ''): readonly string[] | undefined {
    const node = this.at(path);
    const own = node.#value();
    const list = node.#strongestList();
    if (own !== undefined && (list === undefined || own.rank < list.rank)) {
      node.#markListsExcept(undefined);
      return splitCommas(node.text ?? '');
    }
    node.#markValues();
    return list === undefined ? undefined : node.items().map((item) => item.text ?? '');
  }

  /** Texts at and below a map under their flat keys: `backoff.first: 5ms` is `backoff.first`. */
  map(path = ''): ReadonlyMap<string, string> {
    const flat = new Map<string, string>();
    for (const [key, node] of this.at(path).flatten()) flat.set(key, node.text ?? '');
    return flat;
  }

  /** Everything written below, by its key relative to this node. */
  flatten(): readonly (readonly [string, BoundNode])[] {
    const found: (readonly [string, BoundNode])[] = [];
    this.#collect('', found);
    return found;
  }

  #collect(prefix: string, found: (readonly [string, BoundNode])[]): void {
    const add = (key: string, node: BoundNode) => {
      if (node.#value() !== undefined) found.push([key, node]);
      node.#collect(key, found);
    };
    for (const item of this.items()) add(`${prefix}[${item.name}]`, item);
    for (const entry of this.entries()) {
      // Only brackets can have brought such characters into a name; they keep it whole when it is bound again.
      const exact = /[.[\]]/.test(entry.name);
      add(exact ? `${prefix}[${entry.name}]` : prefix === '' ? entry.name : `${prefix}.${entry.name}`, entry);
    }
  }

  /** The same place, whose problems go to another list from here on. */
  reportingTo(problems: Problem[]): BoundNode {
    return new BoundNode(this.name, this.path, this.#nodes, { ...this.#scope, problems });
  }

  /** Leaves a problem at this place. */
  report(problem: Omit<Problem, 'location' | 'severity'> & { readonly severity?: Problem['severity'] }): void {
    const { location } = this;
    this.#scope.problems.push({ severity: 'error', ...problem, ...(location === undefined ? {} : { location }) });
  }

  /** Counts everything here and below as read: somebody else's business. */
  ignore(): void {
    for (const node of this.#nodes) for (const value of node.all()) value.read = true;
  }

  #read<Value>(path: string, expected: string, convert: (text: string) => Value | undefined): Value | undefined {
    const node = this.at(path);
    const { text } = node;
    if (text === undefined) return undefined;
    const value = convert(text);
    if (value !== undefined) return value;
    node.report({
      code: 'invalid-value',
      message: `${node.path}: "${text}" is not ${expected}`,
      remedy: `write ${expected}`,
      subject: node.path,
    });
    return undefined;
  }

  #child(segment: NameSegment): BoundNode {
    if (typeof segment === 'number') {
      const item = this.items().find(({ name }) => name === String(segment));
      return item ?? new BoundNode(`${segment}`, `${this.path}[${segment}]`, [], this.#scope);
    }
    const matching = this.#nodes.flatMap((node) => node.spelled(segment));
    // The environment cannot write a dash: LOG_STARTUP_INFO is read for log-startup-info as well.
    const legacy = segment.includes('-')
      ? segment.split('-').reduce((nodes, part) => below(nodes, part), this.#nodes)
      : [];
    const name = matching[0]?.[0] ?? segment;
    return this.#make(name, [...matching.map(([, node]) => node), ...legacy.filter((node) => node.values.length > 0)]);
  }

  #make(name: string, nodes: readonly TreeNode[]): BoundNode {
    return new BoundNode(name, this.path === '' ? name : `${this.path}.${name}`, nodes, this.#scope);
  }

  #value(): TreeValue | undefined {
    let best: TreeValue | undefined;
    for (const node of this.#nodes)
      for (const value of node.values) if (best === undefined || value.rank < best.rank) best = value;
    return best;
  }

  #strongestList(): { readonly rank: number; readonly items: ReadonlyMap<number, TreeNode> } | undefined {
    let best: { rank: number; items: ReadonlyMap<number, TreeNode> } | undefined;
    for (const node of this.#nodes)
      for (const [rank, items] of node.lists) if (best === undefined || rank < best.rank) best = { rank, items };
    return best;
  }

  #markListsExcept(winner: ReadonlyMap<number, TreeNode> | undefined): void {
    for (const node of this.#nodes)
      for (const list of node.lists.values())
        if (list !== winner) for (const item of list.values()) for (const value of item.all()) value.read = true;
  }

  #markValues(): void {
    for (const node of this.#nodes) for (const value of node.values) value.read = true;
  }
}

/** Paths that readers ask for are few and asked for again and again; keys made of data are not kept. */
const SEGMENTS = new Map<string, readonly NameSegment[]>();
const MAX_KEPT = 1000;

function segmentsOf(path: string): readonly NameSegment[] {
  const known = SEGMENTS.get(path);
  if (known !== undefined) return known;
  const segments = parsePropertyName(path);
  if (SEGMENTS.size < MAX_KEPT) SEGMENTS.set(path, segments);
  return segments;
}

function below(nodes: readonly TreeNode[], name: string): readonly TreeNode[] {
  return nodes.flatMap((node) => node.children.get(name) ?? []);
}

function isWithin(value: number, { min, max }: Bounds): boolean {
  return (min === undefined || value >= min) && (max === undefined || value <= max);
}

function inWords({ min, max }: Bounds): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return `, at least ${min}`;
  return max === undefined ? '' : `, at most ${max}`;
}
