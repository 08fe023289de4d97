import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { PropertySource } from '#config';
import type { SourceLocation } from '#kernel';
import type { SettingDefinition } from './definition.ts';
import { canonicalName } from './relaxed-name.ts';
import { ALL_TABLES } from './tables.ts';

export interface SavedSettings {
  readonly version: string;
  readonly sources: readonly PropertySource[];
}

interface StoredSource {
  readonly name: string;
  readonly properties: readonly (readonly [key: string, value: string, origin: SourceLocation | null])[];
}

/** What a config server said last, for a start without it. Only keys that a process reads: other people's secrets stay away. */
export class LastGoodSettings {
  readonly #folder: string;
  readonly #path: string;

  constructor(dataDir: string, name: string) {
    this.#folder = join(dataDir, 'settings');
    this.#path = join(this.#folder, `${name.replaceAll(/[^\w.-]/g, '_')}.json`);
  }

  async read(): Promise<SavedSettings | undefined> {
    try {
      const { version, sources }: { version: string; sources: readonly StoredSource[] } = JSON.parse(
        await readFile(this.#path, 'utf8'),
      );
      return {
        version,
        sources: sources.map(({ name, properties }) => ({
          name,
          properties: new Map(properties.map(([key, value, origin]) => [key, { value, ...(origin && { origin }) }])),
        })),
      };
    } catch {
      // Missing or torn: there is nothing to fall back to.
      return undefined;
    }
  }

  /** Answers why it could not be written: a full disk must not keep a process from starting. */
  async save({ version, sources }: SavedSettings): Promise<string | undefined> {
    try {
      await mkdir(this.#folder, { recursive: true });
      const temporary = `${this.#path}.${process.pid}.tmp`;
      const file = await open(temporary, 'w', 0o600);
      try {
        await file.writeFile(JSON.stringify({ version, sources: sources.map(stored) }));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path);
      return undefined;
    } catch (error) {
      return `they cannot be kept on disk: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

function stored({ name, properties }: PropertySource): StoredSource {
  const definitions = ALL_TABLES.flatMap((table) => Object.values<SettingDefinition<unknown>>(table));
  const known = new Set(definitions.flatMap(({ key, aliases }) => [key, ...aliases].map(canonicalName)));
  const maps = definitions.filter(({ below }) => below === true).map(({ key }) => `${canonicalName(key)}.`);
  const kept = [...properties].filter(([key]) => {
    const canonical = canonicalName(key.replace(/\[\d+\]$/, ''));
    return known.has(canonical) || maps.some((prefix) => canonical.startsWith(prefix));
  });
  return {
    name,
    properties: kept.map(([key, { value, origin }]) => [
      key,
      String(typeof value === 'object' ? value.value : value),
      origin ?? null,
    ]),
  };
}
