import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ConfigCommit,
  type ConfigFile,
  type ConfigSource,
  type ConfigTree,
  FolderWatcher,
  type SourceStatus,
} from '#config';
import type { CancelTimer, Clock } from '#kernel';
import { readHistory, readLineChange } from './history.ts';
import { type Edits, readEdits } from './work-tree.ts';
import type { Repository } from './repository.ts';

export interface LocalSourceOptions {
  readonly repository: Repository;
  readonly uri: string;
  /** Root of the work tree; undefined for a bare repository. */
  readonly top: string | undefined;
  /** Own git folder of the work tree: holds HEAD. Differs from the repository's in linked work trees. */
  readonly headDir: string;
  readonly defaultLabel: string | undefined;
  readonly clock: Clock;
}

/** Net under the file watchers: some file systems tell nothing. */
const POLL_MS = 5_000;
/** How long edits read once are believed when no watcher spoke. */
const EDITS_FRESH_MS = 500;
const READ_AGAIN = 3;
const NO_EDITS: Edits = { files: new Map(), hash: undefined };

/** A repository on this machine, read in place: commits from the object store, edits from the work tree. */
export class LocalSource implements ConfigSource {
  readonly #options: LocalSourceOptions;
  readonly #listeners = new Set<() => void>();
  readonly #watchers: FolderWatcher[] = [];
  #edits: { commit: string; at: number; edits: Promise<Edits> } | undefined;
  #poll: CancelTimer | undefined;
  #checking: Promise<void> | undefined;
  #checkAgain = false;
  #seen = '';
  #version: string | undefined;
  #currentAt: number | undefined;
  #error: string | undefined;
  #closed = false;

  constructor(options: LocalSourceOptions) {
    this.#options = options;
  }

  /** Begins to watch; returns when every change from now on will be noticed. */
  async open(): Promise<this> {
    const { repository, top, headDir, clock } = this.#options;
    const add = (folder: string, deep: boolean): void => {
      this.#watchers.push(new FolderWatcher({ folder, deep, clock, onChange: () => this.#changed() }));
    };
    add(headDir, false);
    add(join(headDir, 'logs'), false);
    add(join(repository.gitDir, 'refs'), true);
    // packed-refs lies in the shared folder when this is a linked work tree.
    if (repository.gitDir !== headDir) add(repository.gitDir, false);
    if (top !== undefined) add(join(top, repository.root), true);
    await Promise.all(this.#watchers.map((watcher) => watcher.start()));
    await this.#check();
    this.#schedulePoll();
    return this;
  }

  async resolve(label: string | undefined): Promise<ConfigTree> {
    const { repository, uri, top, defaultLabel } = this.#options;
    const wanted = label ?? defaultLabel;
    const edited = top !== undefined && (wanted === undefined || wanted === (await this.#branch()));
    const { commit, edits } = edited
      ? await this.#headWithEdits(top)
      : { commit: await repository.commit(wanted), edits: NO_EDITS };
    const files = overlay(await repository.files(commit), edits);
    const version = edits.hash === undefined ? commit : `${commit}+${edits.hash}`;
    if (label === undefined) {
      this.#version = version;
      this.#currentAt = this.#options.clock.monotonic();
    }
    const committedAt = await repository.committedAt(commit);
    return { version, uri, workdir: join(top ?? repository.gitDir, repository.root), committedAt, files };
  }

  watch(onChange: () => void): () => void {
    const listener = (): void => onChange();
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async refresh(): Promise<void> {
    // A look under way may have begun before what the caller knows of happened.
    await this.#checking;
    this.#edits = undefined;
    await this.#check();
  }

  history(version: string, paths: readonly string[], limit: number): Promise<readonly ConfigCommit[]> {
    return readHistory(this.#options.repository, version, paths, limit);
  }

  lineChange(version: string, path: string, line: number): Promise<ConfigCommit> {
    return readLineChange(this.#options.repository, version, path, line);
  }

  status(): SourceStatus {
    const ageMs =
      this.#currentAt === undefined ? undefined : Math.round(this.#options.clock.monotonic() - this.#currentAt);
    return { uri: this.#options.uri, version: this.#version, ageMs, error: this.#error };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#poll?.();
    for (const watcher of this.#watchers) watcher.close();
    this.#listeners.clear();
    await this.#checking;
    this.#options.repository.objects.close();
  }

  /** HEAD and the edits against exactly that HEAD: read again when a commit came in between. */
  async #headWithEdits(top: string): Promise<{ commit: string; edits: Edits }> {
    for (let attempt = 1; ; attempt++) {
      const commit = await this.#head();
      const edits = await this.#editsAgainst(commit, top);
      if (attempt === READ_AGAIN || commit === (await this.#head())) return { commit, edits };
    }
  }

  /** HEAD of this work tree: the repository's own HEAD is another one when the work tree is a linked one. */
  async #head(): Promise<string> {
    const { repository, headDir } = this.#options;
    if (headDir === repository.gitDir) return repository.commit(undefined);
    return repository.commit((await this.#branch()) ?? (await readFile(join(headDir, 'HEAD'), 'utf8')).trim());
  }

  #editsAgainst(commit: string, top: string): Promise<Edits> {
    const now = this.#options.clock.monotonic();
    const known = this.#edits;
    if (known?.commit === commit && now - known.at < EDITS_FRESH_MS) return known.edits;
    const edits = readEdits(top, this.#options.repository.root);
    this.#edits = { commit, at: now, edits };
    edits.catch(() => {
      if (this.#edits?.edits === edits) this.#edits = undefined;
    });
    return edits;
  }

  /** Name of the branch that is checked out; undefined with a detached HEAD. */
  async #branch(): Promise<string | undefined> {
    const head = await readFile(join(this.#options.headDir, 'HEAD'), 'utf8').catch(() => '');
    return /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1];
  }

  #changed(): void {
    this.#edits = undefined;
    void this.#check();
  }

  #schedulePoll(): void {
    if (this.#closed) return;
    this.#poll = this.#options.clock.schedule(POLL_MS, () => {
      this.#changed();
      void Promise.all(this.#watchers.map((watcher) => watcher.start())).then(() => this.#schedulePoll());
    });
  }

  /** Tells the listeners when something differs from what was seen last. */
  #check(): Promise<void> {
    if (this.#checking) {
      this.#checkAgain = true;
      return this.#checking;
    }
    const checking = this.#look().finally(() => {
      this.#checking = undefined;
      if (this.#checkAgain && !this.#closed) void this.#check();
    });
    this.#checking = checking;
    return checking;
  }

  async #look(): Promise<void> {
    this.#checkAgain = false;
    try {
      const state = await this.#state();
      if (state !== this.#seen && !this.#closed) {
        this.#seen = state;
        for (const listener of this.#listeners) listener();
      }
      // For `status`, which is to speak the truth although nobody asks for the default label.
      await this.resolve(undefined);
      this.#error = undefined;
    } catch (error) {
      this.#error = error instanceof Error ? error.message : String(error);
    }
  }

  async #state(): Promise<string> {
    const { top, repository } = this.#options;
    const refs = await repository.refs();
    const branch = await this.#branch();
    const { commit, edits } = top === undefined ? { commit: '', edits: NO_EDITS } : await this.#headWithEdits(top);
    return `${branch} ${commit} ${edits.hash}\n${refs}`;
  }
}

function overlay(committed: ReadonlyMap<string, ConfigFile>, edits: Edits): ReadonlyMap<string, ConfigFile> {
  if (edits.hash === undefined) return committed;
  const files = new Map(committed);
  for (const [path, file] of edits.files) {
    if (file) files.set(path, file);
    else files.delete(path);
  }
  return files;
}
