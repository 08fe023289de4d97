import {
  CompositeBackend,
  type ConfigSource,
  type DecryptionOptions,
  type EnvironmentBackend,
  PatternBackend,
  TreeBackend,
} from '#config';
import { openFolderSource } from '#engines/files';
import { openGitSource } from '#engines/git';
import { CardeaError } from '#kernel';
import type { BackendSettings, ConfigServerSettings, GitBackendSettings } from './config-server-settings.ts';

/** Opens all sources of the settings. None stays open when one cannot be opened. */
export async function openBackends(
  { backends, dataDir }: Pick<ConfigServerSettings, 'backends' | 'dataDir'>,
  decryption: DecryptionOptions,
): Promise<EnvironmentBackend> {
  const opening = new Opening(dataDir, decryption);
  try {
    const opened = await inOrder(backends, (backend) => opening.open(backend));
    const [only] = opened;
    return opened.length === 1 && only !== undefined ? only : new CompositeBackend(opened);
  } catch (error) {
    await opening.abandon();
    throw error;
  }
}

class Opening {
  readonly #dataDir: string;
  readonly #decryption: DecryptionOptions;
  readonly #sources: ConfigSource[] = [];

  constructor(dataDir: string, decryption: DecryptionOptions) {
    this.#dataDir = dataDir;
    this.#decryption = decryption;
  }

  async open(settings: BackendSettings): Promise<EnvironmentBackend> {
    if (settings.kind === 'native') {
      const folders = settings.searchLocations.map((location) => this.#folder(location));
      const opened = await Promise.all(folders);
      const [only] = opened;
      return opened.length === 1 && only !== undefined ? only : new CompositeBackend(opened.toReversed());
    }
    const main = await this.#git(settings);
    const { repos = [] } = settings;
    if (repos.length === 0) return main;
    const choices = await inOrder(repos, async ({ patterns, backend }) => ({
      patterns,
      backend: await this.#git(backend),
    }));
    return new PatternBackend(choices, main);
  }

  async abandon(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.close()));
  }

  async #folder(location: string): Promise<EnvironmentBackend> {
    return new TreeBackend(await this.#opened(openFolderSource({ folder: pathOf(location) })), this.#decryption);
  }

  async #git({ uri, searchPaths, defaultLabel, skipUnknownLabels = false }: GitBackendSettings) {
    const source = await this.#opened(this.#repositoryOrFolder(uri, defaultLabel));
    return new TreeBackend(source, { ...this.#decryption, searchPaths, defaultLabel, skipUnknownLabels });
  }

  /** A repository if it is one; else the folder as it is. */
  async #repositoryOrFolder(uri: string, defaultLabel: string | undefined): Promise<ConfigSource> {
    try {
      const label = defaultLabel === undefined ? {} : { defaultLabel };
      return await openGitSource({ uri, dataDir: this.#dataDir, ...label });
    } catch (error) {
      if (!(error instanceof CardeaError && error.code === 'not-a-repository')) throw error;
      return openFolderSource({ folder: pathOf(uri) });
    }
  }

  async #opened(opening: Promise<ConfigSource>): Promise<ConfigSource> {
    const source = await opening;
    this.#sources.push(source);
    return source;
  }
}

const pathOf = (uri: string): string => uri.replace(/^file:(?:\/\/)?/, '');

async function inOrder<T, R>(items: readonly T[], action: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await action(item));
  return results;
}
