import { formatLocation } from '#kernel';
import { javaString } from '../value/java-string.ts';
import type { Environment } from './environment.ts';
import { flatProperties } from './file-form.ts';

/** One effective value on both sides; null where there is none. Secrets are shown as such, not as what they are. */
export interface KeyChange {
  readonly key: string;
  readonly from: string | null;
  readonly to: string | null;
  /** `file:line:column` of the newer value, or of the one that went. */
  readonly location: string | null;
}

interface Effective {
  readonly text: string;
  readonly shown: string;
  readonly location: string | null;
}

const SECRET = '(encrypted)';

/** What changes for an application between two states: effective values, whichever files they come from. */
export function diffEnvironments(from: Environment, to: Environment): readonly KeyChange[] {
  const [before, after] = [effectiveOf(from), effectiveOf(to)];
  const changes: KeyChange[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [old, young] = [before.get(key), after.get(key)];
    if (old?.text === young?.text) continue;
    const location = (young ?? old)?.location ?? null;
    changes.push({ key, from: old?.shown ?? null, to: young?.shown ?? null, location });
  }
  return changes.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function effectiveOf(environment: Environment): ReadonlyMap<string, Effective> {
  const effective = new Map<string, Effective>();
  for (const [key, value] of flatProperties(environment)) {
    const property = environment.propertySources.find(({ properties }) => properties.has(key))?.properties.get(key);
    const text = javaString(value);
    effective.set(key, {
      text,
      shown: property?.decrypted === true ? SECRET : text,
      location: property?.origin === undefined ? null : formatLocation(property.origin),
    });
  }
  return effective;
}
