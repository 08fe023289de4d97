import type { Property, PropertySource } from '#config';
import { suggest, type Problem, type SourceLocation } from '#kernel';
import type { Refusal, SettingsOf, SettingsSchema } from './definition.ts';
import { canonicalName } from './relaxed-name.ts';

/** A key that nothing here reads. */
export interface IgnoredKey {
  readonly key: string;
  readonly location: SourceLocation | undefined;
}

export interface BoundSettings<S extends SettingsSchema> {
  readonly values: SettingsOf<S>;
  /** Where each canonical key got its value; absent for defaults. */
  readonly origins: ReadonlyMap<string, SourceLocation | undefined>;
  readonly problems: readonly Problem[];
  readonly ignored: readonly IgnoredKey[];
}

/** Keys under these are ours alone: one that no table knows is a typing error. */
const OWN_PREFIXES = ['cardea.', 'gateway.', 'server.', 'management.'];

/** Nobody shares a command line with another program: there, every key that no table knows is a typing error. */
export const COMMAND_LINE = 'command line';

/** Spring Boot's settings of things that Cardea does not have: they may stay in files that are shared with it. */
const TOLERATED = [
  'server.tomcat.',
  'server.jetty.',
  'server.undertow.',
  'server.netty.',
  'server.servlet.',
  'server.error.',
  'server.compression.',
  'server.reactive.',
  'server.shutdown',
  'management.endpoint.',
  'management.endpoints.',
  'management.health.',
  'management.info.',
  'management.metrics.',
  'management.tracing.',
  'management.observations.',
  'management.prometheus.',
  'management.otlp.',
  'management.zipkin.',
].map(canonicalName);

interface Found {
  readonly texts: string[];
  /** True: a word of the command line without a value. */
  readonly bare: boolean;
  readonly location: SourceLocation | undefined;
}

/**
 * Reads one app's table from the sources, strongest first. `tables` are the tables of all apps: what another app reads
 * is not unknown. `shared` are the weakest sources, of which other programs read parts that nobody here knows. All faults are
 * found in one go.
 */
export function bindSettings<S extends SettingsSchema>(
  schema: S,
  sources: readonly PropertySource[],
  tables: readonly SettingsSchema[] = [],
  shared: readonly PropertySource[] = [],
): BoundSettings<S> {
  const problems: Problem[] = [];
  const origins = new Map<string, SourceLocation | undefined>();
  const values: Record<string, unknown> = {};
  const indexes = [...sources, ...shared].map(indexSource);
  for (const [name, definition] of Object.entries(schema)) {
    const found =
      definition.below === true
        ? findBelow(definition.key, [...sources, ...shared])
        : find([definition.key, ...definition.aliases], indexes, definition.list);
    values[name] = definition.fallback;
    if (found === undefined) continue;
    origins.set(definition.key, found.location);
    const parsed =
      found.bare && definition.kind !== 'flag' ? needsValue(definition.key) : definition.parse(found.texts);
    if ('value' in parsed) {
      values[name] = parsed.value;
    } else {
      problems.push({
        severity: 'error',
        code: 'bad-setting',
        message: faultMessage(definition.key, found, parsed.reason),
        remedy: parsed.remedy,
        subject: definition.key,
        ...(found.location && { location: found.location }),
      });
    }
  }
  const ignored = judgeUnknown(sources, shared, [schema, ...tables], problems);
  deepFreeze(values);
  if (!isComplete(schema, values)) throw new TypeError('a setting has no value');
  return { values, origins, problems, ignored };
}

function isComplete<S extends SettingsSchema>(
  schema: S,
  values: Record<string, unknown>,
): values is Record<string, unknown> & SettingsOf<S> {
  return Object.keys(schema).every((name) => name in values);
}

type Index = ReadonlyMap<string, readonly [key: string, property: Property][]>;

function indexSource(source: PropertySource): Index {
  const index = new Map<string, [string, Property][]>();
  for (const [key, property] of source.properties) {
    const canonical = canonicalName(key.replace(/\[\d+\]$/, ''));
    const entries = index.get(canonical);
    if (entries === undefined) index.set(canonical, [[key, property]]);
    else entries.push([key, property]);
  }
  return index;
}

/** The strongest source that names the setting decides alone: lists are not merged, as in Spring Boot. */
function find(names: readonly string[], indexes: readonly Index[], list: boolean): Found | undefined {
  for (const name of names) {
    for (const index of indexes) {
      const entries = index.get(canonicalName(name));
      if (entries === undefined) continue;
      const texts = entries.map(([, property]) => textOf(property).trim());
      const first = entries[0]?.[1];
      const location = first?.origin;
      const bare = first?.value === true && location?.file.startsWith('--') === true;
      if (!list) return { texts: texts.slice(0, 1), bare, location };
      const items = texts.length === 1 ? (texts[0] ?? '').split(',').map((item) => item.trim()) : texts;
      return { texts: items.filter((item) => item !== ''), bare, location };
    }
  }
  return undefined;
}

/** Unlike lists, maps are merged: a stronger source replaces single entries. */
function findBelow(key: string, sources: readonly PropertySource[]): Found | undefined {
  const prefix = canonicalName(key);
  const values = new Map<string, Property>();
  for (const { properties } of sources.toReversed()) {
    for (const [own, property] of properties) {
      const rest = restBelow(prefix, own);
      if (rest !== undefined) values.set(rest, property);
    }
  }
  if (values.size === 0) return undefined;
  const texts = [...values].flatMap(([rest, property]) => [rest, textOf(property)]);
  return { texts, bare: false, location: values.values().next().value?.origin };
}

/** On the command line the place is the key already. */
function faultMessage(key: string, { bare, location, texts }: Found, reason: string): string {
  if (bare) return reason;
  return `${location?.file === `--${key}` ? '' : `${key}: `}"${texts.join(',')}" ${reason}`;
}

function needsValue(key: string): Refusal {
  return { reason: 'has no value', remedy: `write it as --${key}=…` };
}

/** `a.b` of `prefix.a.b`, `[0].a` of `prefix[0].a`, however the prefix is spelled. */
function restBelow(prefix: string, key: string): string | undefined {
  for (let at = key.search(/[.[]/); at >= 0;) {
    if (canonicalName(key.slice(0, at)) === prefix) return key.slice(key[at] === '.' ? at + 1 : at);
    const next = key.slice(at + 1).search(/[.[]/);
    at = next < 0 ? -1 : at + 1 + next;
  }
  return undefined;
}

function textOf(property: Property): string {
  const { value } = property;
  return typeof value === 'object' ? String(value.value) : String(value);
}

function judgeUnknown(
  sources: readonly PropertySource[],
  shared: readonly PropertySource[],
  tables: readonly SettingsSchema[],
  problems: Problem[],
): IgnoredKey[] {
  const definitions = tables.flatMap((table) => Object.values(table));
  const canonical = new Set(definitions.flatMap(({ key, aliases }) => [key, ...aliases].map(canonicalName)));
  const maps = definitions.filter(({ below }) => below === true).map(({ key }) => canonicalName(key));
  const known = definitions.map(({ key }) => key);
  const ignored = new Map<string, IgnoredKey>();
  for (const source of [...sources, ...shared]) {
    for (const [key, { origin }] of source.properties) {
      const name = canonicalName(key.replace(/\[\d+\]$/, ''));
      if (canonical.has(name) || maps.some((prefix) => restBelow(prefix, key) !== undefined)) continue;
      const written = source.name === COMMAND_LINE;
      const tolerated = shared.includes(source) || TOLERATED.some((prefix) => name.startsWith(prefix));
      if (!written && (tolerated || !OWN_PREFIXES.some((prefix) => name.startsWith(prefix)))) {
        if (!ignored.has(key)) ignored.set(key, { key, location: origin });
        continue;
      }
      const guess = suggest(key, known);
      problems.push({
        severity: 'error',
        code: 'unknown-setting',
        message: `unknown setting "${key}"`,
        remedy: remedyFor(guess, written),
        subject: key,
        ...(origin && { location: origin }),
      });
    }
  }
  return [...ignored.values()];
}

function remedyFor(guess: string | undefined, written: boolean): string {
  if (guess === undefined) return '`cardea doctor --settings` lists all settings';
  return written ? `did you mean --${guess}?` : `did you mean "${guess}"?`;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
