import { createHash } from 'node:crypto';
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ConfigFile,
  type ConfigSource,
  type ConfigTree,
  FolderWatcher,
  readSettledFile,
  type SourceStatus,
} from '#config';
import { CardeaError, type CancelTimer, type Clock, systemClock } from '#kernel';

export interface FolderSourceOptions {
  readonly folder: string;
  readonly clock?: Clock;
}

/** Net under the file watchers: some file systems tell nothing. */
const POLL_MS = 5_000;
const SKIPPED = new Set(['.git', 'node_modules']);

/** Throws `CardeaError` with code `no-such-folder`. */
export async function openFolderSource(options: FolderSourceOptions): Promise<ConfigSource> {
  const clock = options.clock ?? systemClock;
  try {
    const folder = await realpath(options.folder);
    const uri = `file:${options.folder.replace(/\/+$/, '')}`;
    return await new FolderSource(folder, uri, clock).open();
  } catch (cause) {
    throw new CardeaError('no-such-folder', `the folder ${options.folder} cannot be read`, {
      source: 'internal',
      cause,
      remedy:
        'create it, or name another: --cardea.config-repo=FOLDER, or a repository as spring.cloud.config.server.git.uri',
    });
  }
}

/** A plain folder. It has no history, so every label means the files as they are. */
class FolderSource implements ConfigSource {
  readonly #folder: string;
  readonly #uri: string;
  readonly #clock: Clock;
  readonly #watcher: FolderWatcher;
  readonly #listeners = new Set<() => void>();
  #poll: CancelTimer | undefined;
  #seen = '';
  #currentAt: number | undefined;
  #error: string | undefined;
  #closed = false;

  constructor(folder: string, uri: string, clock: Clock) {
    this.#folder = folder;
    this.#uri = uri;
    this.#clock = clock;
    this.#watcher = new FolderWatcher({ folder, clock, deep: true, onChange: () => void this.#look() });
  }

  async open(): Promise<this> {
    // Fails for what is no folder, before there is anything to clean up.
    this.#seen = fingerprint(await this.#files());
    await this.#watcher.start();
    // What changed before the watchers stood would be noticed by the poll only.
    await this.#look();
    this.#schedulePoll();
    return this;
  }

  async resolve(): Promise<ConfigTree> {
    const files = await this.#files();
    return { version: undefined, uri: this.#uri, workdir: this.#folder, files };
  }

  watch(onChange: () => void): () => void {
    const listener = (): void => onChange();
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  refresh(): Promise<void> {
    return this.#look();
  }

  status(): SourceStatus {
    const ageMs = this.#currentAt === undefined ? undefined : Math.round(this.#clock.monotonic() - this.#currentAt);
    return { uri: this.#uri, version: undefined, ageMs, error: this.#error };
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#poll?.();
    this.#watcher.close();
    this.#listeners.clear();
    return Promise.resolve();
  }

  #schedulePoll(): void {
    if (this.#closed) return;
    this.#poll = this.#clock.schedule(POLL_MS, () => {
      void this.#look().then(() => this.#schedulePoll());
    });
  }

  async #look(): Promise<void> {
    try {
      const state = fingerprint(await this.#files());
      if (state === this.#seen || this.#closed) return;
      this.#seen = state;
      for (const listener of this.#listeners) listener();
    } catch (error) {
      this.#error = error instanceof Error ? error.message : String(error);
    }
  }

  async #files(): Promise<ReadonlyMap<string, ConfigFile>> {
    const files = new Map<string, ConfigFile>();
    await collect(this.#folder, '', files);
    this.#error = undefined;
    this.#currentAt = this.#clock.monotonic();
    return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

async function collect(folder: string, below: string, files: Map<string, ConfigFile>): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const path = `${below}${entry.name}`;
      const full = join(folder, entry.name);
      if (SKIPPED.has(entry.name.toLowerCase())) return;
      try {
        if (entry.isDirectory()) await collect(full, `${path}/`, files);
        else if (entry.isFile()) files.set(path, await readConfigFile(full, path));
      } catch {
        // Went away while the folder was read, or is unreadable to us: then it is not there.
      }
    }),
  );
}

async function readConfigFile(full: string, path: string): Promise<ConfigFile> {
  const { content, modifiedAt } = await readSettledFile(full);
  const id = createHash('sha256').update(content).digest('hex');
  return { path, id, modifiedAt, read: () => Promise.resolve(content) };
}

const fingerprint = (files: ReadonlyMap<string, ConfigFile>): string =>
  [...files.values()].map((file) => `${file.path}\0${file.id}`).join('\n');
