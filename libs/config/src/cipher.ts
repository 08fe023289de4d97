import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import { CardeaError } from '#kernel';

const IV_BYTES = 16;

/** Spring's `Encryptors.text`: hex of IV and AES-256-CBC, the key by PBKDF2-HMAC-SHA1 with 1024 rounds. */
export class SymmetricCipher {
  readonly #key: Buffer;

  /** `salt` is hex. */
  constructor(password: string, salt = 'deadbeef') {
    if (!/^(?:[0-9a-f]{2})+$/i.test(salt)) {
      throw new CardeaError('bad-setting', 'encrypt.salt is not hexadecimal', {
        source: 'downstream',
        remedy: 'give an even number of hexadecimal digits, or leave it out',
      });
    }
    this.#key = pbkdf2Sync(Buffer.from(password, 'utf8'), Buffer.from(salt, 'hex'), 1024, 32, 'sha1');
  }

  encrypt(text: string, iv: Buffer = randomBytes(IV_BYTES)): string {
    const cipher = createCipheriv('aes-256-cbc', this.#key, iv);
    return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]).toString('hex');
  }

  /** Accepts leading `{key:alias}` pairs, which name keys of other kinds. Throws a CardeaError `undecryptable`. */
  decrypt(text: string): string {
    const hex = text.replace(/^(?:\{[^{}:]*:[^{}]*\})+/, '');
    try {
      if (!/^(?:[0-9a-f]{2})+$/i.test(hex)) throw new Error('not hexadecimal');
      const bytes = Buffer.from(hex, 'hex');
      const decipher = createDecipheriv('aes-256-cbc', this.#key, bytes.subarray(0, IV_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES)), decipher.final()]).toString('utf8');
    } catch (error) {
      throw new CardeaError('undecryptable', 'the text was not encrypted with this key', {
        source: 'downstream',
        cause: error,
        remedy: 'encrypt the value again with the key of encrypt.key',
      });
    }
  }
}
