import type { CONFIG_SERVER_SETTINGS, SettingsOf } from '#settings';

export interface ConfigServerSettings {
  /** 0 picks a free one. */
  readonly port: number;
  readonly address: string;
  /** Repository (remote or path), or a plain folder. */
  readonly uri: string;
  /** Where mirrors of remotes are kept. */
  readonly dataDir: string;
  readonly searchPaths: readonly string[];
  readonly defaultLabel?: string | undefined;
  readonly encryptKey?: string | undefined;
}

export function toConfigServerSettings(
  values: SettingsOf<typeof CONFIG_SERVER_SETTINGS>,
  dataDir: string,
): ConfigServerSettings {
  return {
    port: values.configServerPort,
    address: values.configServerAddress,
    uri: values.gitUri ?? values.configRepo,
    dataDir,
    searchPaths: values.searchPaths,
    defaultLabel: values.defaultLabel,
    encryptKey: values.encryptKey,
  };
}
