import type { SymmetricCipher } from '../cipher.ts';

export interface DecryptionOptions {
  readonly cipher?: SymmetricCipher | undefined;
  /** False passes `{cipher}` values on as they are. Default true. */
  readonly decrypt?: boolean;
}

/** How a value begins that is encrypted. */
export const CIPHER = '{cipher}';

/** Undefined when it cannot be decrypted. */
export function decrypted(value: string, cipher: SymmetricCipher | undefined): string | undefined {
  try {
    return cipher?.decrypt(value.slice(CIPHER.length));
  } catch {
    return undefined;
  }
}
