import type { BoundNode } from '#config';
import { uniformName } from '#config';
import type { SourceLocation } from '#kernel';
import { parseShortcut, readFactoryCall, type FactoryCall } from './factory-call.ts';

/** A route as written, before anything in it is understood. */
export interface RouteDefinition {
  readonly id: string;
  readonly uri: string | undefined;
  readonly uriNode: BoundNode;
  readonly predicates: readonly FactoryCall[];
  readonly filters: readonly FactoryCall[];
  readonly metadata: ReadonlyMap<string, unknown>;
  readonly order: number;
  readonly enabled: boolean;
  readonly location: SourceLocation | undefined;
}

/** Reads one element of `routes`; what is malformed becomes a problem of the node's list. */
export function readRouteDefinition(node: BoundNode, index: number): RouteDefinition {
  const { text } = node;
  if (text !== undefined) return readOneLine(node, text);
  const metadata = new Map<string, unknown>();
  for (const [key, entry] of node.at('metadata').flatten()) metadata.set(key, entry.property?.value);
  const location = node.at('id').location ?? node.location;
  return {
    // The original draws a random UUID; a position is as unique and the same after every reload.
    id: node.string('id') ?? `route-${index}`,
    uri: node.string('uri'),
    uriNode: node.at('uri').exists ? node.at('uri') : node,
    predicates: readCalls(node.at('predicates')),
    filters: readCalls(node.at('filters')),
    metadata,
    order: node.integer('order') ?? 0,
    enabled: node.boolean('enabled') ?? true,
    location,
  };
}

/** A list of calls; a single text is a list of one. */
export function readCalls(node: BoundNode): readonly FactoryCall[] {
  const { text } = node;
  if (text !== undefined && text !== '') return [parseShortcut(text, node.location)];
  return node.items().flatMap((item) => readFactoryCall(item) ?? []);
}

/** `id=uri,Predicate=x,Predicate=y`. */
function readOneLine(node: BoundNode, text: string): RouteDefinition {
  const equals = text.indexOf('=');
  const [uri, ...predicates] = text.slice(equals + 1).split(',');
  const { location } = node;
  if (equals <= 0)
    node.report({
      code: 'invalid-route',
      message: `"${text}" is not a route`,
      remedy: 'write id=uri,Path=/path or the members id, uri and predicates',
    });
  return {
    id: equals <= 0 ? text : text.slice(0, equals),
    uri: equals <= 0 ? undefined : uri,
    uriNode: node,
    predicates: predicates.map((predicate) => parseShortcut(predicate, location)),
    filters: [],
    metadata: new Map(),
    order: 0,
    enabled: true,
    location,
  };
}

/** A metadata value that is a whole number; anything else counts as not set, as in the original. */
export function metadataNumber(definition: RouteDefinition, name: string): number | undefined {
  for (const [key, value] of definition.metadata) {
    if (uniformName(key) !== uniformName(name)) continue;
    const text = String(value).trim();
    return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
  }
  return undefined;
}
