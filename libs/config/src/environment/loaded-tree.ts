import { isAbsolute, join, relative } from 'node:path';
import type { Problem } from '#kernel';
import type { ConfigFile, ConfigTree } from '../config-source.ts';
import { checkDocument } from './document-checks.ts';
import type { DecryptionOptions } from './decryption.ts';
import type { ParsedFile } from '../document/config-document.ts';
import { parseConfigFile } from '../document/config-file-reader.ts';

/** A tree whose configuration files are parsed and checked. */
export interface LoadedTree {
  readonly tree: ConfigTree;
  readonly files: ReadonlyMap<string, ParsedFile>;
  /** Of all files together. */
  readonly problems: readonly Problem[];
}

const CONFIG_FILE = /\.(ya?ml|properties)$/;

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
    const found = parsed.documents.flatMap((document) => checkDocument(document, this.#decryption));
    const checked = { documents: parsed.documents, problems: [...parsed.problems, ...found] };
    this.#parsed.set(key, checked);
    return checked;
  }
}

const keyOf = (file: ConfigFile, workdir: string): string => `${file.id} ${workdir} ${file.path}`;

/** Short where the operator stands above the file: `config-repo/gateway.yml`. */
function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}
