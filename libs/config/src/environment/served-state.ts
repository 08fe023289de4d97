import { CardeaError, type Problem } from '#kernel';
import type { ConfigCommit, ConfigSource, ConfigTree } from '../config-source.ts';
import type { DecryptionOptions } from './decryption.ts';
import { type LoadedTree, TreeLoader } from './loaded-tree.ts';

export interface ServedTree {
  readonly loaded: LoadedTree;
  /** Errors of a newer state, for which it is not served. Empty: what is served is the newest. */
  readonly refused: readonly Problem[];
  /** The commit that brought them, where the source knows. */
  readonly refusedCommit?: ConfigCommit | undefined;
}

/** Every commit id is a label: what clients ask for once must not be kept for ever. */
const KEPT_LABELS = 100;

/**
 * What is served for each label. A newer state with an error that the served one has not is refused; the last good one
 * stays. Repairs and changes beside an old error go through.
 */
export class ServedState {
  readonly #source: ConfigSource;
  readonly #loader: TreeLoader;
  readonly #labels = new Map<string | undefined, { tree: ConfigTree; state: ServedTree }>();
  readonly #listeners = new Set<() => void>();
  readonly #stop: () => void;
  #work: Promise<unknown> = Promise.resolve();

  constructor(source: ConfigSource, decryption: DecryptionOptions = {}) {
    this.#source = source;
    this.#loader = new TreeLoader(decryption);
    this.#stop = source.watch(() => void this.refresh().catch(() => undefined));
  }

  /** Throws what the source throws for a label that it does not have. */
  async current(label: string | undefined): Promise<ServedTree> {
    const known = this.#labels.get(label)?.state;
    if (known !== undefined) return known;
    return this.#inTurn(async () => {
      const fresh = this.#labels.get(label)?.state ?? (await this.#refresh(label));
      for (const oldest of this.#labels.keys()) {
        if (this.#labels.size <= KEPT_LABELS) break;
        if (oldest !== undefined && oldest !== label) this.#labels.delete(oldest);
      }
      return fresh;
    });
  }

  known(): ReadonlyMap<string | undefined, ServedTree> {
    return new Map([...this.#labels].map(([label, { state }]) => [label, state]));
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Serves or refuses what the source has now. */
  refresh(): Promise<void> {
    return this.#inTurn(async () => {
      for (const label of this.#labels.keys()) {
        try {
          await this.#refresh(label);
        } catch (error) {
          if (!(error instanceof CardeaError)) throw error;
          this.#keep(label, error);
        }
      }
      this.#loader.keepOnly([...this.#labels.values()].map(({ state }) => state.loaded));
      for (const listener of this.#listeners) listener();
    });
  }

  close(): void {
    this.#stop();
    this.#listeners.clear();
  }

  /** One after the other: an older state must not overtake a newer one. */
  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const done = this.#work.then(action);
    this.#work = done.catch(() => undefined);
    return done;
  }

  async #refresh(label: string | undefined): Promise<ServedTree> {
    const tree = await this.#source.resolve(label);
    const before = this.#labels.get(label);
    if (before !== undefined && sameContent(before.tree, tree)) return before.state;
    const loaded = await this.#loader.load(tree);
    const known = new Set(before?.state.loaded.problems.map(identityOf));
    const fresh = loaded.problems.filter((problem) => problem.severity === 'error' && !known.has(identityOf(problem)));
    const state =
      before === undefined || fresh.length === 0
        ? { loaded, refused: [] }
        : { loaded: before.state.loaded, refused: fresh, refusedCommit: await this.#commitOf(loaded, fresh) };
    this.#labels.set(label, { tree, state });
    return state;
  }

  /** Undefined for edits that are not committed, and without history. */
  async #commitOf({ tree, files }: LoadedTree, problems: readonly Problem[]): Promise<ConfigCommit | undefined> {
    const broken = [...files].filter(([, file]) => file.problems.some((problem) => problems.includes(problem)));
    const paths = broken.map(([path]) => path);
    const edited = paths.some((path) => tree.files.get(path)?.modifiedAt !== undefined);
    if (tree.version === undefined || edited) return undefined;
    const commits = await this.#source.history?.(tree.version, paths, 1).catch(() => []);
    return commits?.[0];
  }

  #keep(label: string | undefined, error: CardeaError): void {
    const before = this.#labels.get(label);
    if (before === undefined) return;
    const remedy = error.remedy === undefined ? {} : { remedy: error.remedy };
    const problem: Problem = { severity: 'error', code: error.code, message: error.message, ...remedy };
    this.#labels.set(label, { ...before, state: { ...before.state, refused: [problem], refusedCommit: undefined } });
  }
}

/** Without the line, which moves when something above it is edited. */
const identityOf = ({ code, message, location }: Problem): string => `${code} ${location?.file} ${message}`;

function sameContent(one: ConfigTree, other: ConfigTree): boolean {
  if (one.version !== other.version || one.files.size !== other.files.size) return false;
  return [...one.files].every(([path, { id }]) => other.files.get(path)?.id === id);
}
