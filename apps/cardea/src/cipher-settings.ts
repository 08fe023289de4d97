import { SymmetricCipher } from '#config';
import { CardeaError } from '#kernel';
import { CONFIG_SERVER_SETTINGS, PROCESS_SETTINGS } from '#settings';
import { readAppSettings } from './app-settings.ts';

const SCHEMA = {
  dataDir: PROCESS_SETTINGS.dataDir,
  encryptKey: CONFIG_SERVER_SETTINGS.encryptKey,
  encryptSalt: CONFIG_SERVER_SETTINGS.encryptSalt,
};

export interface CipherSettings {
  readonly dataDir: string;
  readonly encryptKey: string | undefined;
  readonly encryptSalt: string | undefined;
}

/** From the environment and a settings file: never from the command line, which every user of a machine can read. */
export function readCipherSettings(file: string | undefined): CipherSettings {
  return readAppSettings(SCHEMA, file === undefined ? [] : ['--config', file]).values;
}

export function cipherOf({ encryptKey, encryptSalt }: CipherSettings): SymmetricCipher | undefined {
  return encryptKey === undefined || encryptKey === '' ? undefined : new SymmetricCipher(encryptKey, encryptSalt);
}

export function requireCipher(settings: CipherSettings): SymmetricCipher {
  const cipher = cipherOf(settings);
  if (cipher !== undefined) return cipher;
  throw new CardeaError('no-key', 'there is no key to encrypt with', {
    source: 'downstream',
    remedy:
      'put it into ENCRYPT_KEY, into a file after --config as encrypt.key, or onto standard input with --key-stdin',
  });
}
