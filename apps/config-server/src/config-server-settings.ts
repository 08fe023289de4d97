import { CardeaError } from '#kernel';
import { CONFIG_SERVER_SETTINGS, port, PROCESS_SETTINGS, type SettingsOf, text } from '#settings';

const { configServerPort, configServerAddress } = CONFIG_SERVER_SETTINGS;

/** Alone, a config server listens on `server.port`, as Spring's does. */
export const CONFIG_SERVER_ALONE = {
  ...PROCESS_SETTINGS,
  ...CONFIG_SERVER_SETTINGS,
  configServerPort: port('server.port', configServerPort.fallback, configServerPort.doc, {
    aliases: [configServerPort.key],
  }),
  configServerAddress: text('server.address', '127.0.0.1', configServerAddress.doc, {
    aliases: [configServerAddress.key],
  }),
} as const;

/** A git repository, or a plain folder where there is none. */
export interface GitBackendSettings {
  readonly kind: 'git';
  /** Repository (remote or path), or a plain folder. */
  readonly uri: string;
  readonly searchPaths: readonly string[];
  readonly defaultLabel?: string | undefined;
  /** Of a list of labels, skip those that are not there. */
  readonly skipUnknownLabels?: boolean;
  /** Repositories for some applications and profiles; the first that matches answers. */
  readonly repos?: readonly PatternedSettings[];
}

export interface PatternedSettings {
  readonly patterns: readonly string[];
  readonly backend: GitBackendSettings;
}

/** Folders as they are, the last the strongest. */
export interface NativeBackendSettings {
  readonly kind: 'native';
  readonly searchLocations: readonly string[];
}

export type BackendSettings = GitBackendSettings | NativeBackendSettings;

export interface ConfigServerSettings {
  /** 0 picks a free one. */
  readonly port: number;
  readonly address: string;
  /** The strongest first. */
  readonly backends: readonly BackendSettings[];
  /** Where mirrors of remotes are kept. */
  readonly dataDir: string;
  readonly encryptKey?: string | undefined;
  /** Hexadecimal. */
  readonly encryptSalt?: string | undefined;
  /** False passes `{cipher}` values on as they are. */
  readonly decrypt?: boolean;
  /** Path that Spring's routes lie below. */
  readonly prefix?: string;
  /** Stronger than everything that is found. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** False answers 404 for applications for which nothing is found. */
  readonly acceptEmpty?: boolean;
  /** With it, notices of pushes (`POST /monitor`) must be signed. */
  readonly webhookSecret?: string | undefined;
}

export function toConfigServerSettings(
  values: SettingsOf<typeof CONFIG_SERVER_SETTINGS>,
  dataDir: string,
): ConfigServerSettings {
  return {
    port: values.configServerPort,
    address: values.configServerAddress,
    backends: backendsOf(values),
    dataDir,
    encryptKey: values.encryptKey === '' ? undefined : values.encryptKey,
    encryptSalt: values.encryptSalt,
    decrypt: values.decrypt,
    prefix: values.prefix,
    overrides: values.overrides,
    acceptEmpty: values.acceptEmpty,
    webhookSecret: values.webhookSecret === '' ? undefined : values.webhookSecret,
  };
}

function backendsOf(values: SettingsOf<typeof CONFIG_SERVER_SETTINGS>): readonly BackendSettings[] {
  const composite = groupsOf(values.composite);
  if (composite.length > 0) return composite.map(([, entry]) => compositeEntry(entry));
  if (values.nativeLocations.length > 0) return [{ kind: 'native', searchLocations: values.nativeLocations }];
  return [
    {
      kind: 'git',
      uri: withCredentials(values.gitUri ?? values.configRepo, values.gitUsername, values.gitPassword),
      searchPaths: values.searchPaths,
      defaultLabel: values.serverDefaultLabel ?? values.defaultLabel,
      skipUnknownLabels: values.skipUnknownLabels,
      repos: groupsOf(values.repos).map(([id, entry]) => ({
        patterns: listOf(entry, 'pattern').length === 0 ? [id] : listOf(entry, 'pattern'),
        backend: gitEntry({ username: values.gitUsername, password: values.gitPassword, ...entry }),
      })),
    },
  ];
}

function compositeEntry(entry: Readonly<Record<string, string>>): BackendSettings {
  const type = entry['type'];
  if (type === 'git') return gitEntry(entry);
  if (type === 'native') return { kind: 'native', searchLocations: listOf(entry, 'search-locations') };
  throw new CardeaError('bad-setting', `spring.cloud.config.server.composite: type "${type ?? ''}" is not known here`, {
    source: 'downstream',
    remedy: 'use git or native',
  });
}

/** Sub-repositories inherit credentials, but neither label nor search paths. */
function gitEntry(entry: Readonly<Record<string, string | undefined>>): GitBackendSettings {
  const uri = entry['uri'] ?? entry[''];
  if (uri === undefined) {
    throw new CardeaError('bad-setting', 'a repository of spring.cloud.config.server has no uri', {
      source: 'downstream',
      remedy: 'add its uri',
    });
  }
  return {
    kind: 'git',
    uri: withCredentials(uri, entry['username'], entry['password']),
    searchPaths: listOf(entry, 'search-paths'),
    defaultLabel: entry['default-label'],
  };
}

/** For git over HTTP, which takes both or none; git's own settings and SSH have their ways. */
function withCredentials(uri: string, username: string | undefined, password: string | undefined): string {
  if (!/^https?:/i.test(uri) || username === undefined || password === undefined) return uri;
  const url = new URL(uri);
  if (url.username !== '') return uri;
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password);
  return url.href;
}

/** Entries `id.name` (or `[0].name`, or `id` alone) by their id, in their order. */
function groupsOf(
  entries: Readonly<Record<string, string>>,
): readonly (readonly [string, Readonly<Record<string, string>>])[] {
  const groups = new Map<string, Record<string, string>>();
  for (const [key, value] of Object.entries(entries)) {
    const [, id = '', name = ''] = /^(\[\d+\]|[^.[]+)\.?(.*)$/.exec(key) ?? [];
    const group = groups.get(id) ?? {};
    group[kebab(name)] = value;
    groups.set(id, group);
  }
  return [...groups];
}

function listOf(entry: Readonly<Record<string, string | undefined>>, name: string): readonly string[] {
  const items = Object.entries(entry).filter(([key]) => key === name || key.startsWith(`${name}[`));
  return items
    .flatMap(([, value]) => (value ?? '').split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
