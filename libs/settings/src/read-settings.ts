import type { PropertySource } from '#config';
import type { BoundSettings } from './bind.ts';
import { url as urlSetting, text, type SettingsSchema } from './definition.ts';
import { loadSettings } from './load.ts';
import { type FetchEnvironment, readRemote, type RemoteState } from './remote-settings.ts';
import { readSettingsFile } from './settings-file.ts';
import { ALL_TABLES, GATEWAY_SETTINGS, PROCESS_SETTINGS } from './tables.ts';

export interface SettingsRequest {
  /** Words of the command line that are settings. */
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface RemoteRequest extends SettingsRequest {
  readonly fetchEnvironment: FetchEnvironment;
  /** `spring.application.name` unless somebody says otherwise. */
  readonly application: string;
  /** A config server of this process: asked whatever `spring.config.import` says, and not needed to start. */
  readonly embedded?: string;
  /** Longest that a start waits for a config server which it needs, ms. */
  readonly patienceMs?: number;
}

export type RemoteSettings<S extends SettingsSchema> = BoundSettings<S> & {
  /** Undefined where no config server is configured. */
  readonly remote: RemoteState | undefined;
};

/** Settings that lead to the config server: what it says about them comes too late. */
const BOOTSTRAP = {
  dataDir: PROCESS_SETTINGS.dataDir,
  profiles: PROCESS_SETTINGS.profiles,
  imports: PROCESS_SETTINGS.configImport,
  name: text('spring.application.name', undefined, GATEWAY_SETTINGS.name.doc),
  url: urlSetting('cardea.config.url', undefined, GATEWAY_SETTINGS.configUrl.doc, {
    aliases: GATEWAY_SETTINGS.configUrl.aliases,
  }),
  label: GATEWAY_SETTINGS.configLabel,
} as const;

/** Reads command line, environment and the files of `--config`, whose profiles may be named by any of them. */
export function readSettings<S extends SettingsSchema>(
  schema: S,
  { args, environment }: SettingsRequest,
  remote: readonly PropertySource[] = [],
): BoundSettings<S> {
  const given = { args, ...(environment && { environment }) };
  const profiles = loadSettings(BOOTSTRAP, { ...given, readFile: (path) => readSettingsFile(path, []) }).values
    .profiles;
  return loadSettings(schema, { ...given, remote, readFile: (path) => readSettingsFile(path, profiles) }, ALL_TABLES);
}

/** As `readSettings`, with what a config server says below all of that, where one is configured. */
export async function readSettingsWithRemote<S extends SettingsSchema>(
  schema: S,
  request: RemoteRequest,
): Promise<RemoteSettings<S>> {
  const { values, problems } = readSettings(BOOTSTRAP, request);
  if (problems.length > 0) return { ...readSettings(schema, request), remote: undefined };
  const { state, sources } = await readRemote(
    { ...values, name: values.name ?? request.application, url: values.url ?? 'http://127.0.0.1:8888' },
    request,
    Object.values(BOOTSTRAP),
  );
  return { ...readSettings(schema, request, sources), remote: state };
}
