import { type ValueTree, writeYaml } from '../document/yaml-writer.ts';
import type { PropertyValue } from '../property-source.ts';
import { javaJson, javaString } from '../value/java-string.ts';
import { resolvePlaceholders } from '../value/placeholders.ts';
import type { Environment } from './environment.ts';

/**
 * One value per key. A list of a stronger source replaces the whole list of a weaker one; lists stand at the end.
 * `oneShape`: a name is a list or a single value, whichever the stronger source has, and not both.
 */
export function flatProperties(
  { propertySources }: Environment,
  { oneShape = false }: { readonly oneShape?: boolean } = {},
): Map<string, PropertyValue> {
  const scalars = new Map<string, PropertyValue>();
  const groups = new Map<string, Map<string, PropertyValue>>();
  for (const { properties } of propertySources.toReversed()) {
    const own = new Map<string, Map<string, PropertyValue>>();
    for (const [key, { value }] of properties) {
      const bracket = key.indexOf('[');
      if (bracket < 0) {
        scalars.set(key, value);
        if (oneShape) groups.delete(key);
        continue;
      }
      const prefix = key.slice(0, bracket);
      const group = own.get(prefix) ?? new Map<string, PropertyValue>();
      own.set(prefix, group.set(key, value));
    }
    for (const [prefix, group] of own) {
      groups.set(prefix, group);
      if (oneShape) scalars.delete(prefix);
    }
  }
  scalars.delete('spring.profiles');
  return new Map([...scalars, ...[...groups.values()].flatMap((group) => [...group])]);
}

export function propertiesText(environment: Environment, resolve: boolean): string {
  const flat = flatProperties(environment);
  const text = [...flat].map(([key, value]) => `${key}: ${javaString(value)}`).join('\n');
  return resolve ? fill(text, flat) : text;
}

export function jsonText(environment: Environment, resolve: boolean): string {
  return json(nested(environment, resolve));
}

export function yamlText(environment: Environment, resolve: boolean): string {
  const tree = nested(environment, resolve);
  // A root that is no map was flattened under this name.
  return writeYaml(tree.size === 1 ? (tree.get('document') ?? tree) : tree);
}

/** Fills placeholders from the environment itself. */
export function fillFrom(text: string, environment: Environment): string {
  return fill(text, flatProperties(environment));
}

function fill(text: string, flat: ReadonlyMap<string, PropertyValue>, trimNames = false): string {
  const lookup = (name: string): string | undefined => {
    const value = flat.get(name);
    return value === undefined ? undefined : javaString(value);
  };
  return resolvePlaceholders(text, lookup, { trimNames });
}

function nested(environment: Environment, resolve: boolean): Map<string, ValueTree> {
  const flat = flatProperties(environment, { oneShape: true });
  const root = new Map<string, ValueTree>();
  for (const [key, value] of flat) {
    put(root, key, resolve && typeof value === 'string' ? fill(value, flat, true) : value);
  }
  return root;
}

function put(root: Map<string, ValueTree>, key: string, value: PropertyValue): void {
  const steps = [...key.matchAll(/\[([^\]]*)\]|([^.[]+)/g)].map(([, inner, name]) =>
    inner !== undefined && /^\d{1,5}$/.test(inner) ? Number(inner) : (inner ?? name ?? ''),
  );
  let holder: ValueTree = root;
  for (const [position, step] of steps.entries()) {
    const last = position === steps.length - 1;
    const old: ValueTree | undefined =
      holder instanceof Map ? holder.get(String(step)) : Array.isArray(holder) ? holder[Number(step)] : undefined;
    const container: boolean = old instanceof Map || Array.isArray(old);
    if (!last && old !== undefined && old !== null && !container && holder instanceof Map) {
      // A scalar stands in the way: what is below it becomes one literal key.
      holder.set(steps.slice(position).join('.'), value);
      return;
    }
    const next: ValueTree = last
      ? value
      : old instanceof Map || Array.isArray(old)
        ? old
        : typeof steps[position + 1] === 'number'
          ? []
          : new Map();
    if (holder instanceof Map) holder.set(String(step), next);
    else if (Array.isArray(holder) && typeof step === 'number') {
      while (holder.length < step) holder.push(null);
      holder[step] = next;
    }
    holder = next;
  }
}

function json(node: ValueTree): string {
  if (Array.isArray(node)) return `[${node.map(json).join(',')}]`;
  if (!(node instanceof Map)) return javaJson(node);
  return `{${[...node].map(([key, value]) => `${JSON.stringify(key)}:${json(value)}`).join(',')}}`;
}
