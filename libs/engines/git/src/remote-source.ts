import { join } from 'node:path';
import type { ConfigCommit, ConfigSource, ConfigTree, SourceStatus } from '#config';
import { CardeaError, type CancelTimer, type Clock } from '#kernel';
import { withoutCredentials } from './git-command.ts';
import { readHistory, readLineChange } from './history.ts';
import { Mirror } from './mirror.ts';
import { Repository } from './repository.ts';

export interface RemoteSourceOptions {
  readonly uri: string;
  readonly root: string;
  readonly dataDir: string;
  readonly defaultLabel: string | undefined;
  /** Time between two fetches; 0 fetches before every answer, less than 0 never again after the first. */
  readonly refreshMs: number;
  readonly clock: Clock;
}

/** Damage that one rebuild did not mend is not tried again sooner than this. */
const REPAIR_PAUSE_MS = 30_000;

/** A remote repository, answered from a mirror: what was fetched once is served whether or not the remote is there. */
export class RemoteSource implements ConfigSource {
  readonly #options: RemoteSourceOptions;
  readonly #abort = new AbortController();
  readonly #mirror: Mirror;
  readonly #repository: Repository;
  readonly #listeners = new Set<() => void>();
  readonly #uri: string;
  /** Opening, fetching and rebuilding happen one after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  #refreshing: Promise<void> | undefined;
  #opened: Promise<void> | undefined;
  #timer: CancelTimer | undefined;
  #repairedAt: number | undefined;
  #refs = '';
  #version: string | undefined;
  #fetchedAt: number | undefined;
  #error: string | undefined;

  constructor(options: RemoteSourceOptions) {
    this.#options = options;
    this.#uri = withoutCredentials(options.uri).replace(/\/+$/, '');
    this.#mirror = new Mirror(options.uri, options.dataDir, this.#abort.signal);
    this.#repository = new Repository(this.#mirror.gitDir, options.root, () => this.#repair());
  }

  /** Begins to fetch, and does not wait for it: a mirror of an earlier run serves at once. */
  open(): this {
    void this.refresh().finally(() => this.#schedule());
    return this;
  }

  async resolve(label: string | undefined): Promise<ConfigTree> {
    if (this.#options.refreshMs === 0) await this.refresh();
    await this.#ready();
    const wanted = label ?? this.#options.defaultLabel;
    const { commit, files } = await this.#read(wanted).catch(async (error: unknown) => {
      if (isUnknownLabel(error) && wanted !== undefined && (await this.#knowsHead())) throw error;
      await this.#repair();
      return this.#read(wanted);
    });
    if (label === undefined) this.#version = commit;
    const committedAt = await this.#repository.committedAt(commit);
    const workdir = join(this.#mirror.gitDir, this.#options.root);
    return { version: commit, uri: this.#uri, workdir, committedAt, files };
  }

  /** Fetches now; never throws, `status` says how it went. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#fetch().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  watch(onChange: () => void): () => void {
    const listener = (): void => onChange();
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  history(version: string, paths: readonly string[], limit: number): Promise<readonly ConfigCommit[]> {
    return readHistory(this.#repository, version, paths, limit);
  }

  lineChange(version: string, path: string, line: number): Promise<ConfigCommit> {
    return readLineChange(this.#repository, version, path, line);
  }

  status(): SourceStatus {
    const ageMs =
      this.#fetchedAt === undefined ? undefined : Math.round(this.#options.clock.monotonic() - this.#fetchedAt);
    return { uri: this.#uri, version: this.#version, ageMs, error: this.#error };
  }

  async close(): Promise<void> {
    this.#abort.abort();
    this.#timer?.();
    this.#listeners.clear();
    await this.#refreshing;
    await this.#queue;
    this.#repository.objects.close();
  }

  async #read(label: string | undefined): Promise<{ commit: string; files: ConfigTree['files'] }> {
    const commit = await this.#repository.commit(label);
    return { commit, files: await this.#repository.files(commit) };
  }

  #knowsHead(): Promise<boolean> {
    return this.#repository.commit(undefined).then(
      () => true,
      () => false,
    );
  }

  /** Succeeds when there is a mirror to read from; tried again after a failure. */
  #ready(): Promise<void> {
    const opened = (this.#opened ??= this.#inTurn(() => this.#openMirror()));
    opened.catch(() => {
      if (this.#opened === opened) this.#opened = undefined;
    });
    return opened;
  }

  async #openMirror(): Promise<void> {
    await this.#mirror.clean();
    const { exists } = this.#mirror;
    if (exists && (await this.#mirror.isSound())) return;
    try {
      await this.#rebuild();
    } catch (cause) {
      // What is left of a damaged mirror may still answer.
      if (exists) return;
      throw new CardeaError('source-unavailable', `${this.#uri} cannot be fetched: ${textOf(cause)}`, {
        source: 'internal',
        cause,
        remedy: 'Check the address, the credentials and the network of the configuration server.',
      });
    }
  }

  async #fetch(): Promise<void> {
    try {
      const isFirst = this.#fetchedAt === undefined;
      await this.#ready();
      // A mirror just made needs no second fetch.
      if (!(isFirst && this.#fetchedAt !== undefined)) await this.#inTurn(() => this.#mirror.fetch());
      this.#fetchedAt = this.#options.clock.monotonic();
      this.#error = undefined;
      await this.#tell();
    } catch (error) {
      this.#error = textOf(error);
      // Damage makes every later fetch fail as well, while kept trees hide it from readers.
      if (this.#mayRepair() && this.#mirror.exists && !(await this.#mirror.isSound())) await this.#repair();
    }
  }

  async #tell(): Promise<void> {
    const refs = await this.#repository.refs();
    // For `status`, which is to speak the truth although nobody asks for the default label.
    this.#version = await this.#repository.commit(this.#options.defaultLabel);
    if (refs === this.#refs || this.#abort.signal.aborted) return;
    this.#refs = refs;
    for (const listener of this.#listeners) listener();
  }

  #mayRepair(): boolean {
    if (this.#abort.signal.aborted) return false;
    return this.#repairedAt === undefined || this.#options.clock.monotonic() - this.#repairedAt >= REPAIR_PAUSE_MS;
  }

  #repair(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#mayRepair()) return;
      this.#repairedAt = this.#options.clock.monotonic();
      try {
        await this.#rebuild();
        this.#error = undefined;
        await this.#tell();
      } catch (error) {
        this.#error = textOf(error);
      }
    });
  }

  async #rebuild(): Promise<void> {
    await this.#mirror.rebuild();
    this.#repository.forget();
    this.#fetchedAt = this.#options.clock.monotonic();
  }

  #inTurn(action: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(action);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  #schedule(): void {
    const { clock, refreshMs } = this.#options;
    if (this.#abort.signal.aborted || refreshMs <= 0) return;
    this.#timer = clock.schedule(refreshMs, () => void this.refresh().finally(() => this.#schedule()));
  }
}

const isUnknownLabel = (error: unknown): boolean => error instanceof CardeaError && error.code === 'unknown-label';
const textOf = (error: unknown): string => withoutCredentials(error instanceof Error ? error.message : String(error));
