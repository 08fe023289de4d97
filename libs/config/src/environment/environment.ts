import type { Problem } from '#kernel';
import type { SymmetricCipher } from '../cipher.ts';
import type { ConfigDocument } from '../document/config-document.ts';
import type { Property } from '../property-source.ts';
import { javaString } from '../value/java-string.ts';
import { CIPHER, decrypted, EXTENSIONS, type LoadedTree } from './loaded-tree.ts';

export interface EnvironmentRequest {
  /** One or more names, comma-separated. */
  readonly application: string;
  /** As written in the request: `dev,qa`. */
  readonly profiles: string;
  readonly label: string | undefined;
}

export interface EnvironmentOptions {
  readonly cipher?: SymmetricCipher | undefined;
  /** Folders looked into after the root; `{application}`, `{profile}` and `{label}` are filled. */
  readonly searchPaths?: readonly string[];
  /** Stronger than every file. */
  readonly overrides?: Readonly<Record<string, string>>;
}

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
}

export const OVERRIDES = 'overrides';

/** The order is Spring's: every profile's file beats every plain file, the last profile, name and location win. */
export function assembleEnvironment(
  loaded: LoadedTree,
  request: EnvironmentRequest,
  options: EnvironmentOptions = {},
): AssembledEnvironment {
  const { tree } = loaded;
  const names = [...new Set(['application', ...split(request.application)])];
  const locations = locationsOf(request, options.searchPaths ?? []);
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
      if (document.onProfile?.some((expression) => expression.matches(active)) === false) continue;
      const many = file.documents.length > 1;
      sources.push({
        name: many ? multiDocumentName(loaded, path, document.index) : `${tree.uri}/${path}`,
        properties: withoutCiphers(document.properties, options.cipher),
      });
    }
  }
  sources.reverse();
  const overrides = Object.entries(options.overrides ?? {});
  if (overrides.length > 0) sources.unshift({ name: OVERRIDES, properties: overridesOf(overrides) });
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

function multiDocumentName({ tree }: LoadedTree, path: string, index: number): string {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  // The bracket stays open: the reference writes it so, and clients match on the text.
  return `${tree.uri}/Config resource 'file [${tree.workdir}/${path}' via location '${folder}' (document #${index})`;
}

/** Folders to look into, weak to strong: `` is the root, others end with `/`. */
export function locationsOf(request: EnvironmentRequest, searchPaths: readonly string[]): readonly string[] {
  const locations = new Set(['']);
  const label = request.label ?? '';
  for (const path of searchPaths) {
    for (const profile of split(request.profiles)) {
      for (const application of split(request.application)) {
        const filled = path
          .replaceAll('{application}', application)
          .replaceAll('{profile}', profile)
          .replaceAll('{label}', label)
          .replace(/^\/+|\/+$/g, '');
        if (filled !== '' && !filled.split('/').includes('..')) locations.add(`${filled}/`);
      }
    }
  }
  return [...locations];
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

/** Decrypted values stand at the end and have no origin, as in the reference. */
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
    opened.push(text === undefined ? [`invalid.${key}`, { value: '<n/a>' }] : [key, { value: text }]);
  }
  return opened.length === 0 ? properties : new Map([...plain, ...opened]);
}

function overridesOf(entries: readonly (readonly [string, string])[]): ReadonlyMap<string, Property> {
  const unescaped = (text: string): string => text.replaceAll('\\${', '${').replaceAll('\\{', '{');
  const origin = { file: 'Config server overrides' };
  return new Map(entries.map(([key, value]) => [key, { value: unescaped(value), origin }]));
}

function split(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
