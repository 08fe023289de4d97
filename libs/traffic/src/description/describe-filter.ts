import type { Filter } from '../filter.ts';

/** A filter in one line: its kind, then what it was given. */
export function describeFilter(filter: Filter): string {
  const { kind, ...members } = filter;
  const words = Object.entries(members).flatMap(([name, value]) => describeMember(name, value));
  return words.length === 0 ? kind : `${kind} ${words.join(' ')}`;
}

function describeMember(name: string, value: unknown): readonly string[] {
  // That a value holds variables can be seen.
  if (name === 'variables' || value === undefined || value === false) return [];
  if (value === true) return [name];
  if (Array.isArray(value)) return [`${name}=${value.join(',')}`];
  return [`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`];
}
