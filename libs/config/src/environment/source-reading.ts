import type { Problem } from '#kernel';
import type { SymmetricCipher } from '../cipher.ts';
import type { ConfigTree } from '../config-source.ts';
import { isActive, type ConfigDocument } from '../document/config-document.ts';
import type { Property, PropertySource } from '../property-source.ts';
import { importedFiles, importsOf } from './config-import.ts';
import { CIPHER, decrypted, type DecryptionOptions } from './decryption.ts';
import { profileKeyProblems } from './document-checks.ts';
import type { LoadedTree } from './loaded-tree.ts';

export interface ReadingScope {
  /** Folders that files may come from. */
  readonly locations: readonly string[];
  /** Names that an imported folder is looked through for. */
  readonly names: readonly string[];
  readonly profiles: readonly string[];
}

/** Reads the files of one request, weak to strong, with what they import. */
export class SourceReading {
  /** The last is the strongest. */
  readonly sources: PropertySource[] = [];
  readonly problems: Problem[] = [];
  readonly #loaded: LoadedTree;
  readonly #scope: ReadingScope;
  readonly #active: ReadonlySet<string>;
  readonly #options: DecryptionOptions;
  /** Files that were there. */
  readonly paths = new Set<string>();

  constructor(loaded: LoadedTree, scope: ReadingScope, options: DecryptionOptions) {
    this.#loaded = loaded;
    this.#scope = scope;
    this.#active = new Set(scope.profiles);
    this.#options = options;
  }

  /** `profile` is the one that the file is for. False for what is not there, and for what was read before. */
  read(path: string, profile?: string): boolean {
    const file = this.#loaded.files.get(path);
    if (file === undefined || this.paths.has(path)) return false;
    this.paths.add(path);
    this.problems.push(...file.problems);
    for (const document of file.documents) {
      if (!isActive(document, this.#active)) continue;
      if (profile !== undefined && document.onProfile === undefined)
        this.problems.push(...profileKeyProblems(document));
      this.sources.push({
        name: sourceName(this.#loaded.tree, path, file.documents.length > 1 ? document.index : undefined),
        properties: this.#decrypted(document.properties),
      });
      this.#import(document, path);
    }
    return true;
  }

  /** Just above the importer: its imports in their order, then their variants for the active profiles. */
  #import(document: ConfigDocument, path: string): void {
    const files = importsOf(document).targets.flatMap((target) => importedFiles(target, path, this.#scope));
    const read = files.filter((file) => this.read(file));
    for (const profile of this.#scope.profiles) {
      for (const file of read) this.read(file.replace(/(\.[^./]+)$/, `-${profile}$1`), profile);
    }
  }

  #decrypted(properties: ReadonlyMap<string, Property>): ReadonlyMap<string, Property> {
    const { cipher, decrypt } = this.#options;
    return decrypt === false ? properties : withoutCiphers(properties, cipher);
  }
}

/** Names that clients match on, brackets that stay open included. `index` counts the documents of a file that has several. */
function sourceName({ uri, version, workdir }: ConfigTree, path: string, index: number | undefined): string {
  if (index === undefined) return `${uri}/${path}`;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const place = `Config resource 'file [${workdir}/${path}`;
  return version === undefined
    ? `${place}]' via location '${uri}/${folder}' (document #${index})`
    : `${uri}/${place}' via location '${folder}' (document #${index})`;
}

/** Decrypted values stand at the end, as in the reference. */
function withoutCiphers(
  properties: ReadonlyMap<string, Property>,
  cipher: SymmetricCipher | undefined,
): ReadonlyMap<string, Property> {
  const plain: [string, Property][] = [];
  const opened: [string, Property][] = [];
  for (const [key, property] of properties) {
    const { value } = property;
    if (typeof value !== 'string' || !value.startsWith(CIPHER)) {
      plain.push([key, property]);
      continue;
    }
    const text = decrypted(value, cipher);
    const opaque = { ...property, decrypted: true } as const;
    if (text === undefined) opened.push([`invalid.${key}`, { ...opaque, value: '<n/a>' }]);
    else opened.push([key, { ...opaque, value: text }]);
  }
  return opened.length === 0 ? properties : new Map([...plain, ...opened]);
}
