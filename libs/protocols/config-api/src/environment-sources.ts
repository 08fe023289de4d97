import { JavaDouble, type Property, type PropertySource, type PropertyValue } from '#config';
import type { SourceLocation } from '#kernel';

/** What a config server says of one application. */
export interface WatchedEnvironment {
  /** Commit; null where the source has none. */
  readonly version: string | null;
  /** Strongest first. */
  readonly sources: readonly PropertySource[];
}

type Told = PropertyValue | { readonly value: PropertyValue; readonly origin?: string };

interface ToldEnvironment {
  readonly version: string | null;
  readonly propertySources: readonly { readonly name: string; readonly source: Readonly<Record<string, Told>> }[];
}

/** Reads an Environment of the v2 form, where values may carry their origin. Numbers keep their Java form. */
export function readEnvironment(json: string): WatchedEnvironment {
  return environmentOf(JSON.parse(json, exactNumber));
}

/** The same of an event of a stream. */
export function readEnvironmentEvent(json: string): WatchedEnvironment {
  const { environment }: { environment: ToldEnvironment } = JSON.parse(json, exactNumber);
  return environmentOf(environment);
}

function environmentOf(environment: ToldEnvironment): WatchedEnvironment {
  const sources = environment.propertySources.map(({ name, source }) => ({
    name,
    properties: new Map(Object.entries(source).map(([key, value]) => [key, propertyOf(value, name)])),
  }));
  return { version: environment.version, sources };
}

/** `1.0` is another text than `1`, and long integers have no exact `number`. Old engines tell no source text. */
function exactNumber(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  if (/[.eE]/.test(context.source)) return new JavaDouble(value);
  return Number.isSafeInteger(value) ? value : BigInt(context.source);
}

function propertyOf(told: Told, name: string): Property {
  if (typeof told !== 'object' || told instanceof JavaDouble) return { value: told, origin: { file: name } };
  return { value: told.value, origin: told.origin === undefined ? { file: name } : locationOf(told.origin) };
}

/** Spring writes `…/gateway.yml:12:5`, a Boot client `Config Server …:12:5`. */
function locationOf(origin: string): SourceLocation {
  const match = /^(?:Config Server )?(.*?):(\d+):(\d+)$/.exec(origin);
  if (match === null) return { file: origin };
  return { file: match[1] ?? origin, line: Number(match[2]), column: Number(match[3]) };
}
