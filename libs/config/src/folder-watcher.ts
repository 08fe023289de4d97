import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CancelTimer, Clock } from '#kernel';

export interface FolderWatcherOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** Whether folders below are watched too. */
  readonly deep: boolean;
  readonly onChange: () => void;
  /** Events within this time of the first are told as one. */
  readonly settleMs?: number;
}

/** Folders whose inside is no configuration but can hold very many files. */
const SKIPPED = new Set(['.git', 'node_modules']);

/**
 * Tells that something in a folder changed. Watches folders, not files, so that it needs few handles and sees
 * editors that replace a file by renaming. Tells nothing where the system cannot watch: callers poll as well.
 */
export class FolderWatcher {
  readonly #options: FolderWatcherOptions;
  readonly #watchers = new Map<string, FSWatcher>();
  #settling: CancelTimer | undefined;
  #closed = false;

  constructor(options: FolderWatcherOptions) {
    this.#options = options;
  }

  /** Returns when changes from now on are seen. Called again it takes in folders that came meanwhile. */
  async start(): Promise<void> {
    await this.#add(this.#options.folder);
  }

  close(): void {
    this.#closed = true;
    this.#settling?.();
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  async #add(folder: string): Promise<void> {
    if (this.#closed) return;
    if (!this.#watchers.has(folder)) this.#watchOne(folder);
    if (!this.#options.deep) return;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const below = entries.filter((entry) => entry.isDirectory() && !SKIPPED.has(entry.name));
    await Promise.all(below.map((entry) => this.#add(join(folder, entry.name))));
  }

  #watchOne(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#noticed());
      const forget = (): void => {
        watcher.close();
        if (this.#watchers.get(folder) === watcher) this.#watchers.delete(folder);
      };
      watcher.on('error', forget);
      this.#watchers.set(folder, watcher);
    } catch {
      // No handle left, or the folder is gone already: the caller's poll notices what happens there.
    }
  }

  #noticed(): void {
    if (this.#closed || this.#settling) return;
    this.#settling = this.#options.clock.schedule(this.#options.settleMs ?? 50, () => {
      this.#settling = undefined;
      // A folder deleted and made again has the same path but needs a new handle.
      this.#closeBelow();
      void this.start().then(() => {
        if (!this.#closed) this.#options.onChange();
      });
    });
  }

  #closeBelow(): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folder === this.#options.folder) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
  }
}
