import type { Problem } from '#kernel';
import type { ConfigDocument } from '../document/config-document.ts';
import { importsOf } from './config-import.ts';
import { CIPHER, decrypted, type DecryptionOptions } from './decryption.ts';

/** Keys that decide about profiles, which must be decided before what is for a profile is read. */
const PROFILE_KEYS = /^spring\.profiles\.(?:active|include|default)(?:\[\d+\])?$/;

/** What is wrong with a document although it can be parsed, whichever application reads it. */
export function checkDocument(document: ConfigDocument, decryption: DecryptionOptions): readonly Problem[] {
  return [
    ...cipherProblems(document, decryption),
    ...importsOf(document).problems,
    ...(document.onProfile === undefined ? [] : profileKeyProblems(document)),
  ];
}

/** Of a document that is for a profile, by its own word or by the name of its file. */
export function profileKeyProblems({ properties, file }: ConfigDocument): readonly Problem[] {
  return [...properties]
    .filter(([key]) => PROFILE_KEYS.test(key))
    .map(([key, { origin }]): Problem => ({
      severity: 'error',
      code: 'profiles-in-profile',
      message: `${key} cannot stand in what is for a profile only`,
      remedy: 'move it to a document that always applies, or use spring.profiles.group',
      subject: key,
      location: origin ?? { file },
    }));
}

function cipherProblems({ properties }: ConfigDocument, { cipher, decrypt }: DecryptionOptions): readonly Problem[] {
  if (decrypt === false) return [];
  return [...properties]
    .filter(
      ([, { value }]) =>
        typeof value === 'string' && value.startsWith(CIPHER) && decrypted(value, cipher) === undefined,
    )
    .map(([key, { origin }]): Problem => ({
      severity: 'error',
      code: 'undecryptable',
      message: cipher === undefined ? `"${key}" is encrypted and no key is set` : `cannot decrypt "${key}"`,
      remedy: 'set encrypt.key to the key that the value was encrypted with, or encrypt it again',
      subject: key,
      ...(origin === undefined ? {} : { location: origin }),
    }));
}
