export { bindSettings, type BoundSettings, type IgnoredKey } from './bind.ts';
export {
  choice,
  dataSize,
  duration,
  entries,
  flag,
  integer,
  port,
  text,
  texts,
  url,
  type SettingDefinition,
  type SettingsOf,
  type SettingsSchema,
} from './definition.ts';
export { openPorts } from './open-ports.ts';
export { readSettings, readSettingsWithRemote, type RemoteRequest, type RemoteSettings } from './read-settings.ts';
export type { EnvironmentQuery, FetchEnvironment, RemoteState } from './remote-settings.ts';
export { requireSound } from './require-sound.ts';
export { loadSettings, type SettingsInput } from './load.ts';
export {
  CONFIG_SERVER_SETTINGS,
  DEMO_SETTINGS,
  GATEWAY_SETTINGS,
  MANAGEMENT_SETTINGS,
  PROCESS_SETTINGS,
} from './tables.ts';
export { REGISTRY_SETTINGS } from './registry-settings.ts';
