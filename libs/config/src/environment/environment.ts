import type { Problem } from '#kernel';
import type { SymmetricCipher } from '../cipher.ts';
import type { ConfigTree } from '../config-source.ts';
import { isActive, type ConfigDocument } from '../document/config-document.ts';
import type { Property } from '../property-source.ts';
import { javaString } from '../value/java-string.ts';
import type { EnvironmentRequest } from './environment-request.ts';
import { CIPHER, decrypted, type DecryptionOptions, EXTENSIONS, type LoadedTree } from './loaded-tree.ts';
import { locationsOf, type SearchOptions, split } from './search-locations.ts';

export interface EnvironmentOptions extends DecryptionOptions, SearchOptions {}

export interface EnvironmentSource {
  readonly name: string;
  readonly properties: ReadonlyMap<string, Property>;
}

export interface Environment {
  readonly name: string;
  readonly profiles: readonly string[];
  readonly label: string | null;
  readonly version: string | null;
  readonly state: string | null;
  /** Strongest first. */
  readonly propertySources: readonly EnvironmentSource[];
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
): Omit<AssembledEnvironment, 'refused'> {
  const { tree } = loaded;
  const names = [...new Set(['application', ...split(request.application)])];
  const locations = locationsOf(loaded, request, options);
  const pathsFor = (suffix: string): readonly string[] =>
    locations.flatMap((location) =>
      names.flatMap((name) => EXTENSIONS.map((extension) => `${location}${name}${suffix}.${extension}`)),
    );
  const plain = pathsFor('').filter((path) => loaded.files.has(path));
  const profiles = activeProfiles(
    split(request.profiles),
    plain.flatMap((path) => loaded.files.get(path)?.documents ?? []),
  );
  const active = new Set(profiles);
  const paths = [...plain, ...profiles.flatMap((profile) => pathsFor(`-${profile}`))];
  const sources: EnvironmentSource[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    const file = loaded.files.get(path);
    if (file === undefined) continue;
    problems.push(...file.problems);
    for (const document of file.documents) {
      if (!isActive(document, active)) continue;
      const many = file.documents.length > 1;
      sources.push({
        name: sourceName(tree, path, many ? document.index : undefined),
        properties:
          options.decrypt === false ? document.properties : withoutCiphers(document.properties, options.cipher),
      });
    }
  }
  sources.reverse();
  return {
    environment: {
      name: request.application,
      profiles: [request.profiles],
      label: request.label ?? null,
      version: tree.version ?? null,
      state: tree.version === undefined ? null : '',
      propertySources: sources,
    },
    problems,
  };
}

/** Names that clients match on, brackets that stay open included. `index` counts the documents of a file that has several. */
function sourceName({ uri, version, workdir }: ConfigTree, path: string, index: number | undefined): string {
  if (index === undefined) return `${uri}/${path}`;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const place = `Config resource 'file [${workdir}/${path}`;
  return version === undefined
    ? `${place}]' via location '${uri}/${folder}' (document #${index})`
    : `${uri}/${place}' via location '${folder}' (document #${index})`;
}

/** Requested profiles, each followed by the members of its group, then those that plain files include. */
function activeProfiles(requested: readonly string[], plain: readonly ConfigDocument[]): readonly string[] {
  if (requested[0] === 'default') return [...new Set(requested)];
  const settled = plain.filter(({ onProfile }) => onProfile === undefined);
  const listed = (key: string): readonly string[] => {
    const own = ([name]: readonly [string, Property]): boolean => name.replace(/\[\d+\]$/, '') === key;
    const last = settled.findLast(({ properties }) => [...properties].some(own));
    return [...(last?.properties ?? [])].filter(own).flatMap(([, { value }]) => split(javaString(value)));
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

/** Decrypted values stand at the end, as in the reference. */
function withoutCiphers(
  properties: ReadonlyMap<string, Property>,
  cipher: SymmetricCipher | undefined,
): ReadonlyMap<string, Property> {
  const plain: [string, Property][] = [];
  const opened: [string, Property][] = [];
  for (const [key, property] of properties) {
    const { value } = property;
    if (typeof value !== 'string' || !value.startsWith(CIPHER)) {
      plain.push([key, property]);
      continue;
    }
    const text = decrypted(value, cipher);
    const opaque = { ...property, decrypted: true } as const;
    if (text === undefined) opened.push([`invalid.${key}`, { ...opaque, value: '<n/a>' }]);
    else opened.push([key, { ...opaque, value: text }]);
  }
  return opened.length === 0 ? properties : new Map([...plain, ...opened]);
}
