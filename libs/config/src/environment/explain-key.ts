import { CardeaError, formatLocation, suggest } from '#kernel';
import { uniformName } from '../binding/property-name.ts';
import type { ConfigCommit } from '../config-source.ts';
import { javaString } from '../value/java-string.ts';
import type { Environment } from './environment.ts';
import type { EnvironmentBackend } from './environment-backend.ts';
import type { EnvironmentRequest } from './environment-request.ts';
import { fillFrom } from './file-form.ts';

export interface KeyCandidate {
  /** As written there, which may be another spelling of the key asked for. */
  readonly key: string;
  readonly value: string;
  /** Name of the property source. */
  readonly source: string;
  /** `file:line:column`; null for what no file says. */
  readonly location: string | null;
  /** The file has cipher text in its place. */
  readonly decrypted?: true;
  /** Name of the stronger source whose list replaces the whole list that this element is of. */
  readonly replacedBy?: string;
}

export interface Winner extends KeyCandidate {
  /** With placeholders filled. */
  readonly resolved: string;
  /** The commit that wrote it, where one did. */
  readonly change?: ConfigCommit;
}

export interface KeyExplanation {
  readonly key: string;
  /** Commit that the answer was taken from; null where the source has none. */
  readonly version: string | null;
  readonly winner: Winner | null;
  /** Strongest first. */
  readonly losers: readonly KeyCandidate[];
  /** A key that exists, when the one asked for does not. */
  readonly suggestion?: string;
}

/** Which sources have a key, and why which of them wins. */
export function explainKey(environment: Environment, key: string): KeyExplanation {
  const { propertySources, version } = environment;
  const wanted = uniformName(key);
  const list = key.includes('[') ? uniformName(key.slice(0, key.indexOf('[') + 1)) : undefined;
  let owner: string | undefined;
  const candidates: KeyCandidate[] = [];
  for (const { name, properties } of propertySources) {
    for (const [own, { value, origin, decrypted }] of properties) {
      if (uniformName(own) !== wanted) continue;
      candidates.push({
        key: own,
        value: javaString(value),
        source: name,
        location: origin === undefined ? null : formatLocation(origin),
        ...(decrypted === true ? { decrypted } : {}),
        ...(owner === undefined ? {} : { replacedBy: owner }),
      });
    }
    if (list === undefined || owner !== undefined) continue;
    if ([...properties.keys()].some((own) => uniformName(own).startsWith(list))) owner = name;
  }
  const [first, ...rest] = candidates;
  const base = { key, version };
  if (first === undefined) {
    const known = propertySources.flatMap(({ properties }) => [...properties.keys()]);
    const suggestion = suggest(key, known);
    return { ...base, winner: null, losers: [], ...(suggestion === undefined ? {} : { suggestion }) };
  }
  if (first.replacedBy !== undefined) return { ...base, winner: null, losers: candidates };
  return { ...base, winner: { ...first, resolved: resolvedOf(first.value, environment) }, losers: rest };
}

/** The same for a request, with the commit that wrote the winner where it can be told. */
export async function explainFrom(
  backend: EnvironmentBackend,
  request: EnvironmentRequest,
  key: string,
): Promise<KeyExplanation> {
  const { environment } = await backend.environment(request);
  const explanation = explainKey(environment, key);
  const { winner } = explanation;
  const source = environment.propertySources.find(({ name }) => name === winner?.source);
  const origin = source?.properties.get(winner?.key ?? '')?.origin;
  if (winner === null || origin === undefined) return explanation;
  const change = await backend.lineChange(request, origin).catch((error: unknown) => {
    // A shallow clone, or a list of labels: the rest of the answer stands.
    if (error instanceof CardeaError) return undefined;
    throw error;
  });
  return change === undefined ? explanation : { ...explanation, winner: { ...winner, change } };
}

function resolvedOf(value: string, environment: Environment): string {
  try {
    return fillFrom(value, environment);
  } catch (error) {
    // A circle is told where it matters; here the text is shown as it stands.
    if (error instanceof CardeaError) return value;
    throw error;
  }
}
