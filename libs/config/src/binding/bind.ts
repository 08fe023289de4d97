import type { Problem, SourceLocation } from '#kernel';
import { suggest } from '#kernel';
import type { PropertySource } from '../property-source.ts';
import { BoundNode } from './bound-node.ts';
import { resolvePlaceholders } from '../value/placeholders.ts';
import { parsePropertyName, uniformName } from './property-name.ts';
import { TreeNode } from './property-tree.ts';

/** A key that nobody asked for. */
export interface UnreadKey {
  readonly key: string;
  readonly location?: SourceLocation;
}

/** All properties of all sources as one tree, with relaxed names, origins and a record of what was read. */
export interface BoundProperties {
  readonly root: BoundNode;
  /** What the typed readers found wrong so far; grows while reading. */
  readonly problems: readonly Problem[];
  /** Keys under `prefix` (all, when empty) that no reader has asked for yet. */
  unread(prefix?: string): readonly UnreadKey[];
  /** One problem for each unread key under `prefix`, with the closest of `known` as suggestion. */
  refuseUnread(prefix: string, known: Iterable<string>): readonly Problem[];
}

export interface BindingOptions {
  /** Where typed readers leave what they find wrong; a new list unless given. */
  readonly problems?: Problem[];
  /** What messages call the place that the keys are relative to. */
  readonly path?: string;
  /** False leaves `${…}` as it stands: for values that were resolved before. */
  readonly placeholders?: boolean;
}

/** Binds flat sources, strongest first, as Spring Boot's Binder does. */
export function bindProperties(sources: readonly PropertySource[], options: BindingOptions = {}): BoundProperties {
  const tree = new TreeNode();
  for (const [rank, source] of sources.entries())
    for (const [key, property] of source.properties)
      tree.insert(parsePropertyName(key), { key, rank, property, read: false });
  const problems = options.problems ?? [];
  const path = options.path ?? '';
  const lookUp = (key: string): string | undefined => raw.at(key).text;
  const raw = new BoundNode(path, path, [tree], { problems, resolve: (text) => text });
  const resolve = (text: string) =>
    options.placeholders === false ? text : resolvePlaceholders(text, lookUp, { circles: 'keep' });
  const root = new BoundNode(path, path, [tree], { problems, resolve });

  const unread = (prefix = ''): readonly UnreadKey[] => {
    const found = new Map<string, UnreadKey>();
    for (const { key, read, property } of tree.all())
      if (!read && !found.has(key) && isBelow(key, prefix))
        found.set(key, property.origin === undefined ? { key } : { key, location: property.origin });
    return [...found.values()];
  };

  const refuseUnread = (prefix: string, known: Iterable<string>): readonly Problem[] => {
    const candidates = [...known];
    return unread(prefix).map(({ key, location }) => {
      const close = suggest(key, candidates);
      return {
        severity: 'error',
        code: 'unknown-key',
        message: `unknown key ${key}`,
        remedy: close === undefined ? 'remove it' : `did you mean ${close}?`,
        subject: key,
        ...(location === undefined ? {} : { location }),
      };
    });
  };

  return { root, problems, unread, refuseUnread };
}

function isBelow(key: string, prefix: string): boolean {
  if (prefix === '') return true;
  const names = parsePropertyName(key);
  return parsePropertyName(prefix).every((segment, index) => {
    const own = names[index];
    if (typeof segment === 'number' || typeof own !== 'string') return own === segment;
    return uniformName(own) === uniformName(segment);
  });
}
