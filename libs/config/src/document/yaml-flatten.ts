import type { SourceLocation } from '#kernel';
import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import type { Property, PropertyValue } from '../property-source.ts';
import { resolvePlainScalar } from './yaml-scalar.ts';

/** SnakeYAML's own limits: they stop a file of aliases to aliases from filling the memory. */
const MAX_DEPTH = 50;
const MAX_COLLECTION_ALIASES = 50;

/** Something in the tree that Spring's loader would refuse. `offset` counts characters from the start of the file. */
export class YamlFault extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

type Locate = (offset: number) => SourceLocation;
type Key = { readonly text: string; readonly bracketed: boolean };

/** Flattens a document the way Spring's YamlProcessor does: `a.b`, `a[0]`, `map[x.y]`; a root that is no map is `document`. */
export function flattenYaml(document: Document, locate: Locate): Map<string, Property> {
  const properties = new Map<string, Property>();
  const root = document.contents;
  if (root === null || (isScalar(root) && scalarValue(root) === null)) return properties;
  new Flattener(document, locate, properties).flattenRoot(root);
  return properties;
}

class Flattener {
  readonly #document: Document;
  readonly #locate: Locate;
  readonly #properties: Map<string, Property>;
  #collectionAliases = 0;

  constructor(document: Document, locate: Locate, properties: Map<string, Property>) {
    this.#document = document;
    this.#locate = locate;
    this.#properties = properties;
  }

  flattenRoot(root: Node): void {
    this.#value(isMap(root) ? '' : 'document', root, 0);
  }

  #value(path: string, raw: Node | null, depth: number): void {
    const node = this.#resolve(raw);
    if (depth > MAX_DEPTH) throw new YamlFault('nesting is deeper than 50 levels', offsetOf(node));
    if (isMap(node)) {
      const isSet = node.tag === 'tag:yaml.org,2002:set';
      let index = 0;
      for (const [key, value] of this.#entries(node, depth)) {
        if (isSet) this.#put(`${path}[${index++}]`, key.text, node);
        else this.#value(childPath(path, key), value, depth + 1);
      }
    } else if (isSeq(node)) {
      if (node.items.length === 0) this.#put(path, '', node);
      for (const [index, item] of node.items.entries()) {
        if (isPair(item)) throw new YamlFault('ordered maps are not supported', offsetOf(node));
        this.#value(`${path}[${index}]`, asNode(item), depth + 1);
      }
    } else {
      this.#put(path, node === null ? '' : (scalarValue(node) ?? ''), node);
    }
  }

  /** Entries with merge keys (`<<`) expanded: what the map says itself wins over what it merges. */
  #entries(map: YAMLMap, depth: number): Iterable<readonly [Key, Node | null]> {
    if (depth > MAX_DEPTH) throw new YamlFault('nesting is deeper than 50 levels', offsetOf(map));
    const entries = new Map<string, readonly [Key, Node | null]>();
    const merged: Node[] = [];
    for (const pair of map.items) {
      const keyNode = this.#resolve(asNode(pair.key));
      if (isScalar(keyNode) && keyNode.type === 'PLAIN' && keyNode.value === '<<' && keyNode.tag === undefined) {
        merged.push(...this.#mergeSources(asNode(pair.value)));
        continue;
      }
      const key = keyOf(keyNode);
      entries.set(identity(key), [key, asNode(pair.value)]);
    }
    for (const source of merged) {
      if (!isMap(source)) throw new YamlFault('a merge key needs a map or a list of maps', offsetOf(source));
      for (const [key, value] of this.#entries(source, depth + 1)) {
        if (!entries.has(identity(key))) entries.set(identity(key), [key, value]);
      }
    }
    return entries.values();
  }

  #mergeSources(raw: Node | null): Node[] {
    const node = this.#resolve(raw);
    if (isSeq(node)) return node.items.map((item) => this.#resolve(asNode(item))).filter((item) => item !== null);
    return node === null ? [] : [node];
  }

  #resolve(node: Node | null): Node | null {
    if (!isAlias(node)) return node ?? null;
    const target = node.resolve(this.#document);
    if (target === undefined) throw new YamlFault(`unknown anchor "${node.source}"`, offsetOf(node));
    if (!isScalar(target) && ++this.#collectionAliases > MAX_COLLECTION_ALIASES) {
      throw new YamlFault('more than 50 aliases to maps and lists', offsetOf(node));
    }
    return target;
  }

  #put(key: string, value: PropertyValue, node: Node | null): void {
    const offset = offsetOf(node);
    this.#properties.set(key, { value, ...(offset < 0 ? {} : { origin: this.#locate(offset) }) });
  }
}

const asNode = (item: unknown): Node | null => (isNode(item) ? item : null);
const offsetOf = (node: Node | null): number => node?.range?.[0] ?? -1;
const identity = (key: Key): string => `${key.bracketed ? '[' : '.'}${key.text}`;

function childPath(path: string, key: Key): string {
  if (key.bracketed) return `${path}[${key.text}]`;
  return path === '' || key.text.startsWith('[') ? `${path}${key.text}` : `${path}.${key.text}`;
}

/** A key that YAML reads as text joins with a dot, any other (`7`, `true`) in brackets. */
function keyOf(node: Node | null): Key {
  if (node === null) return { text: 'null', bracketed: true };
  if (!isScalar(node)) throw new YamlFault('a key must be a single value', offsetOf(node));
  const value = scalarValue(node);
  if (typeof value === 'string') return { text: value, bracketed: false };
  return { text: String(node.value), bracketed: true };
}

function scalarValue(node: Node): PropertyValue | null {
  if (!isScalar(node)) return null;
  const text = typeof node.value === 'string' ? node.value : '';
  const tag = node.tag?.replace('tag:yaml.org,2002:', '');
  switch (tag) {
    case undefined:
    case '?':
      return node.type === undefined || node.type === 'PLAIN' ? resolvePlainScalar(text) : text;
    case 'str':
    case '!':
      return text;
    case 'binary':
      return text.replace(/\s+/g, '');
    case 'bool':
    case 'int':
    case 'float':
    case 'null':
      return resolvePlainScalar(text);
    default:
      throw new YamlFault(`unknown tag "${node.tag}"`, offsetOf(node));
  }
}
