import type { Problem } from '#kernel';
import type { ConfigDocument } from '../document/config-document.ts';
import { CONFIG_EXTENSIONS } from '../document/config-file-reader.ts';
import type { Property, PropertySource } from '../property-source.ts';
import { javaString } from '../value/java-string.ts';
import { splitList } from '../value/comma-list.ts';
import type { EnvironmentRequest } from './environment-request.ts';
import type { DecryptionOptions } from './decryption.ts';
import type { LoadedTree } from './loaded-tree.ts';
import { locationsOf, type SearchOptions } from './search-locations.ts';
import { SourceReading } from './source-reading.ts';

export interface EnvironmentOptions extends DecryptionOptions, SearchOptions {}

export interface Environment {
  readonly name: string;
  readonly profiles: readonly string[];
  readonly label: string | null;
  readonly version: string | null;
  readonly state: string | null;
  /** Strongest first. */
  readonly propertySources: readonly PropertySource[];
}

export interface AssembledEnvironment {
  readonly environment: Environment;
  /** Of the files that this request reads. */
  readonly problems: readonly Problem[];
  /** Errors of a newer state, for which it is not served. */
  readonly refused: readonly Problem[];
}

/** The order is Spring's: every profile's file beats every plain file, the last profile, name and location win. */
export function assembleEnvironment(
  loaded: LoadedTree,
  request: EnvironmentRequest,
  options: EnvironmentOptions = {},
): Omit<AssembledEnvironment, 'refused'> & {
  /** Of all files that this request reads, or would read if they were there. */
  readonly paths: readonly string[];
} {
  const { tree } = loaded;
  const names = [...new Set(['application', ...splitList(request.application)])];
  const locations = locationsOf(loaded, request, options);
  const pathsFor = (suffix: string): readonly string[] =>
    locations.flatMap((location) =>
      names.flatMap((name) => CONFIG_EXTENSIONS.map((extension) => `${location}${name}${suffix}.${extension}`)),
    );
  const plain = pathsFor('').filter((path) => loaded.files.has(path));
  const profiles = activeProfiles(
    splitList(request.profiles),
    plain.flatMap((path) => loaded.files.get(path)?.documents ?? []),
  );
  const reading = new SourceReading(loaded, { locations, names, profiles }, options);
  for (const path of plain) reading.read(path);
  const candidates = [...pathsFor('')];
  for (const profile of profiles) {
    for (const path of pathsFor(`-${profile}`)) {
      candidates.push(path);
      reading.read(path, profile);
    }
  }
  return {
    environment: {
      name: request.application,
      profiles: [request.profiles],
      label: request.label ?? null,
      version: tree.version ?? null,
      state: tree.version === undefined ? null : '',
      propertySources: reading.sources.toReversed(),
    },
    problems: reading.problems,
    paths: [...new Set([...candidates, ...reading.paths])],
  };
}

/** Requested profiles, each followed by the members of its group, then those that plain files include. */
function activeProfiles(requested: readonly string[], plain: readonly ConfigDocument[]): readonly string[] {
  if (requested[0] === 'default') return [...new Set(requested)];
  const settled = plain.filter(({ onProfile }) => onProfile === undefined);
  const listed = (key: string): readonly string[] => {
    const own = ([name]: readonly [string, Property]): boolean => name.replace(/\[\d+\]$/, '') === key;
    const last = settled.findLast(({ properties }) => [...properties].some(own));
    return [...(last?.properties ?? [])].filter(own).flatMap(([, { value }]) => splitList(javaString(value)));
  };
  const active = new Set<string>();
  const add = (profile: string): void => {
    if (active.has(profile)) return;
    active.add(profile);
    for (const member of listed(`spring.profiles.group.${profile}`)) add(member);
  };
  for (const profile of [...requested, ...listed('spring.profiles.include')]) add(profile);
  return [...active];
}
