import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrafficConfig } from '#traffic';

export interface SavedConfiguration {
  readonly commit: string;
  readonly savedAt: number;
  readonly traffic: TrafficConfig;
}

/** Keeps the last configuration that was accepted, for a start without a config server. */
export class LastGoodFile {
  readonly #folder: string;
  #writing: Promise<void> = Promise.resolve();

  constructor(dataDir: string) {
    this.#folder = join(dataDir, 'gateway');
  }

  async read(): Promise<SavedConfiguration | undefined> {
    try {
      const saved: SavedConfiguration = JSON.parse(await readFile(this.#path, 'utf8'));
      return Array.isArray(saved.traffic.routes) ? saved : undefined;
    } catch {
      // Missing or torn: there is nothing to fall back to.
      return undefined;
    }
  }

  /** One after the other; a crash at any moment leaves the previous file or this one. */
  save(saved: SavedConfiguration): Promise<void> {
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#write(JSON.stringify(saved)));
    return this.#writing;
  }

  get #path(): string {
    return join(this.#folder, 'last-good.json');
  }

  async #write(text: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const temporary = `${this.#path}.${process.pid}.tmp`;
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#path);
  }
}
