import { formatLocation } from '#kernel';
import type { Property } from '../property-source.ts';
import { javaJson } from '../value/java-string.ts';
import type { Environment } from './environment.ts';

/** `v2` has Spring's origins (`line:column`); `located` names the file as well. */
export type EnvironmentForm = 'v1' | 'v2' | 'located';

/** Numbers keep Java's spelling, so that clients which turn them into text see what a Spring server would send. */
export function environmentJson(environment: Environment, form: EnvironmentForm): string {
  const { name, profiles, label, version, state, propertySources } = environment;
  const head = JSON.stringify({ name, profiles, label, version, state }).slice(0, -1);
  const sources = propertySources.map((source) => {
    const entries = [...source.properties].map(
      ([key, property]) => `${JSON.stringify(key)}:${propertyJson(property, form)}`,
    );
    return `{"name":${JSON.stringify(source.name)},"source":{${entries.join(',')}}}`;
  });
  return `${head},"propertySources":[${sources.join(',')}]}`;
}

function propertyJson({ value, origin, decrypted }: Property, form: EnvironmentForm): string {
  if (form === 'v1' || origin === undefined) return javaJson(value);
  // Spring's server forgets where a decrypted value stood.
  if (form === 'v2' && decrypted === true) return javaJson(value);
  const place = `${origin.line}:${origin.column}`;
  const text = form === 'located' ? formatLocation(origin) : origin.line === undefined ? origin.file : place;
  return `{"value":${javaJson(value)},"origin":${JSON.stringify(text)}}`;
}
