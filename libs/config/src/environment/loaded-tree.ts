import { isAbsolute, join, relative } from 'node:path';
import type { Problem } from '#kernel';
import type { SymmetricCipher } from '../cipher.ts';
import type { ConfigFile, ConfigTree } from '../config-source.ts';
import type { ParsedFile } from '../document/config-document.ts';
import { parseConfigFile } from '../document/config-file-reader.ts';

/** A tree whose configuration files are parsed and checked. */
export interface LoadedTree {
  readonly tree: ConfigTree;
  readonly files: ReadonlyMap<string, ParsedFile>;
  /** Of all files together. */
  readonly problems: readonly Problem[];
}

export interface DecryptionOptions {
  readonly cipher?: SymmetricCipher | undefined;
  /** False passes `{cipher}` values on as they are. Default true. */
  readonly decrypt?: boolean;
}

/** From weak to strong. */
export const EXTENSIONS = ['yaml', 'yml', 'properties'] as const;
const CONFIG_FILE = /\.(ya?ml|properties)$/;
export const CIPHER = '{cipher}';

/** Parses the files of trees. What two trees have in common is parsed once. */
export class TreeLoader {
  readonly #decryption: DecryptionOptions;
  #parsed = new Map<string, ParsedFile>();

  constructor(decryption: DecryptionOptions) {
    this.#decryption = decryption;
  }

  async load(tree: ConfigTree): Promise<LoadedTree> {
    const files = new Map<string, ParsedFile>();
    for (const file of tree.files.values()) {
      if (CONFIG_FILE.test(file.path)) files.set(file.path, await this.#parse(file, tree.workdir));
    }
    return { tree, files, problems: [...files.values()].flatMap(({ problems }) => problems) };
  }

  /** Forgets what none of `trees` has. */
  keepOnly(trees: readonly LoadedTree[]): void {
    const kept = trees.flatMap(({ tree }) => [...tree.files.values()].map((file) => keyOf(file, tree.workdir)));
    const alive = new Set(kept);
    this.#parsed = new Map([...this.#parsed].filter(([key]) => alive.has(key)));
  }

  async #parse(file: ConfigFile, workdir: string): Promise<ParsedFile> {
    const key = keyOf(file, workdir);
    const known = this.#parsed.get(key);
    if (known !== undefined) return known;
    const shown = shownPath(join(workdir, file.path));
    const bytes = await file.read();
    const parsed = parseConfigFile(bytes, shown);
    const checked = { documents: parsed.documents, problems: [...parsed.problems, ...this.#cipherProblems(parsed)] };
    this.#parsed.set(key, checked);
    return checked;
  }

  #cipherProblems({ documents }: ParsedFile): readonly Problem[] {
    const { cipher, decrypt } = this.#decryption;
    if (decrypt === false) return [];
    return documents.flatMap(({ properties }) =>
      [...properties].flatMap(([key, { value, origin }]) => {
        if (typeof value !== 'string' || !value.startsWith(CIPHER)) return [];
        if (decrypted(value, cipher) !== undefined) return [];
        const problem: Problem = {
          severity: 'error',
          code: 'undecryptable',
          message: cipher === undefined ? `"${key}" is encrypted and no key is set` : `cannot decrypt "${key}"`,
          remedy: 'set encrypt.key to the key that the value was encrypted with, or encrypt it again',
          subject: key,
          ...(origin === undefined ? {} : { location: origin }),
        };
        return [problem];
      }),
    );
  }
}

/** Undefined when it cannot be decrypted. */
export function decrypted(value: string, cipher: SymmetricCipher | undefined): string | undefined {
  try {
    return cipher?.decrypt(value.slice(CIPHER.length));
  } catch {
    return undefined;
  }
}

const keyOf = (file: ConfigFile, workdir: string): string => `${file.id} ${workdir} ${file.path}`;

/** Short where the operator stands above the file: `config-repo/gateway.yml`. */
function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}
