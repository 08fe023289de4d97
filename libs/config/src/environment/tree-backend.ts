import { CardeaError, type SourceLocation } from '#kernel';
import type { ConfigCommit, ConfigSource } from '../config-source.ts';
import type { BackendState, EnvironmentBackend, FoundResource } from './environment-backend.ts';
import { type AssembledEnvironment, assembleEnvironment, type EnvironmentOptions } from './environment.ts';
import type { EnvironmentRequest } from './environment-request.ts';
import type { LoadedTree } from './loaded-tree.ts';
import { locationsOf } from './search-locations.ts';
import { ServedState, type ServedTree } from './served-state.ts';

export interface TreeBackendOptions extends EnvironmentOptions {
  /** Of a list of labels, skip those that are not there instead of refusing the request. Default false. */
  readonly skipUnknownLabels?: boolean;
}

type Assembled = ReturnType<typeof assembleEnvironment>;

/** Of each state: enough for the applications of a large system, each with a few profiles. */
const KEPT_ENVIRONMENTS = 1_000;

/** Environments from the files of one source. */
export class TreeBackend implements EnvironmentBackend {
  readonly #source: ConfigSource;
  readonly #options: TreeBackendOptions;
  readonly #state: ServedState;
  readonly #assembled = new WeakMap<LoadedTree, Map<string, Assembled>>();

  constructor(source: ConfigSource, options: TreeBackendOptions = {}) {
    this.#source = source;
    this.#options = options;
    this.#state = new ServedState(source, options);
  }

  async environment(request: EnvironmentRequest): Promise<AssembledEnvironment> {
    const labels = (request.label ?? '').split(',').filter((label) => label.trim() !== '');
    if (labels.length <= 1) return this.#assemble(await this.#state.current(request.label), request);
    const served: AssembledEnvironment[] = [];
    for (const label of labels.map((each) => each.trim())) {
      const tree = await this.#current(label);
      if (tree !== undefined) served.push(this.#assemble(tree, { ...request, label }));
    }
    return {
      environment: {
        name: request.application,
        profiles: [request.profiles],
        label: request.label ?? null,
        version: served.map(({ environment }) => environment.version ?? '').join(','),
        state: '',
        // The last label is the strongest.
        propertySources: served.toReversed().flatMap(({ environment }) => environment.propertySources),
      },
      problems: served.flatMap(({ problems }) => problems),
      refused: served.flatMap(({ refused }) => refused),
    };
  }

  /** Locations are tried root first, other than with properties; in each the profiles in their order, then the plain name. */
  async resource(request: EnvironmentRequest, path: string): Promise<FoundResource | undefined> {
    const { loaded } = await this.#state.current(request.label);
    const dot = path.lastIndexOf('.') > path.lastIndexOf('/') ? path.lastIndexOf('.') : path.length;
    const variants = request.profiles
      .split(',')
      .map((profile) => (profile === 'default' ? path : `${path.slice(0, dot)}-${profile}${path.slice(dot)}`));
    for (const location of locationsOf(loaded, request, this.#options)) {
      for (const variant of [...variants, path]) {
        const file = loaded.tree.files.get(location + variant);
        if (file !== undefined) return { file, modifiedAt: file.modifiedAt ?? loaded.tree.committedAt };
      }
    }
    return undefined;
  }

  async history(request: EnvironmentRequest, limit: number): Promise<readonly ConfigCommit[]> {
    const { loaded } = await this.#state.current(request.label);
    const { version } = loaded.tree;
    if (version === undefined || this.#source.history === undefined) return [];
    const { paths } = assembleEnvironment(loaded, request, this.#options);
    return this.#source.history(version, paths, limit);
  }

  async lineChange(request: EnvironmentRequest, { file, line }: SourceLocation): Promise<ConfigCommit | undefined> {
    const { loaded } = await this.#state.current(request.label);
    const { version, files } = loaded.tree;
    const [path] = [...loaded.files].find(([, { documents }]) => documents[0]?.file === file) ?? [];
    if (path === undefined || line === undefined || version === undefined) return undefined;
    // Files with a time of their own are edits that are not committed.
    if (files.get(path)?.modifiedAt !== undefined) return undefined;
    return this.#source.lineChange?.(version, path, line);
  }

  states(): readonly BackendState[] {
    return [{ source: this.#source.status(), labels: this.#state.known() }];
  }

  onChange(listener: () => void): () => void {
    return this.#state.onChange(listener);
  }

  async refresh(): Promise<void> {
    await this.#source.refresh();
    await this.#state.refresh();
  }

  async close(): Promise<void> {
    this.#state.close();
    await this.#source.close();
  }

  #assemble({ loaded, refused }: ServedTree, request: EnvironmentRequest): AssembledEnvironment {
    const assembled = this.#assembled.get(loaded) ?? new Map<string, Assembled>();
    this.#assembled.set(loaded, assembled);
    const key = JSON.stringify([request.application, request.profiles, request.label]);
    const known = assembled.get(key) ?? assembleEnvironment(loaded, request, this.#options);
    // The one asked for last is forgotten last: names that nobody has need not be remembered.
    assembled.delete(key);
    assembled.set(key, known);
    for (const oldest of assembled.keys()) {
      if (assembled.size <= KEPT_ENVIRONMENTS) break;
      assembled.delete(oldest);
    }
    return { ...known, refused };
  }

  async #current(label: string): Promise<ServedTree | undefined> {
    try {
      return await this.#state.current(label);
    } catch (error) {
      const skip = this.#options.skipUnknownLabels === true;
      if (skip && error instanceof CardeaError && error.code === 'unknown-label') return undefined;
      throw error;
    }
  }
}
