import type { ConfigFile } from '#config';
import { CardeaError } from '#kernel';
import { git } from './git-command.ts';
import { ObjectReader } from './object-reader.ts';

/** Trees kept: the commits that clients ask for at one time are few. */
const KEPT_TREES = 16;

/** Reads one repository by commit from its object store; never touches a work tree. */
export class Repository {
  readonly gitDir: string;
  /** Folder below the repository's root that paths are relative to; empty for the root itself. */
  readonly root: string;
  readonly objects: ObjectReader;
  readonly #repair: (() => Promise<void>) | undefined;
  readonly #trees = new Map<string, Promise<ReadonlyMap<string, ConfigFile>>>();

  /** `repair` is called when an object that must be there cannot be read. */
  constructor(gitDir: string, root: string, repair?: () => Promise<void>) {
    this.#repair = repair;
    this.gitDir = gitDir;
    this.root = root;
    this.objects = new ObjectReader(gitDir);
  }

  /** Commit that a label means: branch before tag before commit id. Undefined label: HEAD. */
  async commit(label: string | undefined): Promise<string> {
    for (const name of label === undefined ? ['HEAD'] : namesOf(label)) {
      const object = await this.objects.read(`${name}^{commit}`);
      if (object) return object.oid;
    }
    throw new CardeaError('unknown-label', `No such label: ${label ?? 'HEAD'}`, {
      source: 'downstream',
      remedy:
        label === undefined
          ? 'the repository has no commit yet: make one'
          : 'use a branch, a tag or a commit id of the repository',
    });
  }

  /** Epoch ms. */
  async committedAt(commit: string): Promise<number | undefined> {
    const header = (await this.objects.read(commit))?.data.toString('utf8').split('\n\n')[0] ?? '';
    const seconds = /^committer .* (\d+) [+-]\d{4}$/m.exec(header)?.[1];
    return seconds === undefined ? undefined : Number(seconds) * 1_000;
  }

  files(commit: string): Promise<ReadonlyMap<string, ConfigFile>> {
    const known = this.#trees.get(commit);
    this.#trees.delete(commit);
    const tree = known ?? this.#list(commit);
    this.#trees.set(commit, tree);
    tree.catch(() => this.#trees.delete(commit));
    for (const oldest of this.#trees.keys()) {
      if (this.#trees.size <= KEPT_TREES) break;
      this.#trees.delete(oldest);
    }
    return tree;
  }

  /** Every ref with what it points at, and HEAD: differs exactly when some label changed its meaning. */
  async refs(): Promise<string> {
    const [refs, head] = await Promise.all([
      git(['--git-dir', this.gitDir, 'for-each-ref', '--format=%(objectname) %(refname)']),
      this.objects.read('HEAD^{commit}'),
    ]);
    return `${head?.oid} HEAD\n${refs.toString()}`;
  }

  /** Forgets all that was read: the repository under `gitDir` is another one now. */
  forget(): void {
    this.#trees.clear();
    this.objects.restart();
  }

  async #list(commit: string): Promise<ReadonlyMap<string, ConfigFile>> {
    const below = this.root === '' ? [] : ['--', this.root];
    const output = await git(['--git-dir', this.gitDir, 'ls-tree', '-r', '-z', '--full-tree', commit, ...below]);
    const files = new Map<string, ConfigFile>();
    for (const entry of output.toString().split('\0')) {
      // Other modes are symbolic links (120000) and submodules (160000).
      const [, id, fullPath] = /^100\d{3} blob ([0-9a-f]+)\t(.+)$/s.exec(entry) ?? [];
      if (id === undefined || fullPath === undefined) continue;
      const path = pathBelow(this.root, fullPath);
      if (path !== undefined) files.set(path, { path, id, read: () => this.#blob(id, path) });
    }
    return files;
  }

  async #blob(id: string, path: string): Promise<Buffer> {
    let object = await this.objects.read(id).catch(() => undefined);
    if (!object && this.#repair) {
      await this.#repair();
      object = await this.objects.read(id);
    }
    if (object) return object.data;
    throw new CardeaError('git-failed', `The content of ${path} (${id}) is not in the repository`, {
      source: 'internal',
    });
  }
}

/** The path relative to `root`; undefined when it is outside or goes through `.git`. */
export function pathBelow(root: string, path: string): string | undefined {
  if (root !== '' && !path.startsWith(`${root}/`)) return undefined;
  const below = root === '' ? path : path.slice(root.length + 1);
  const hidden = below.split('/').some((part) => part.toLowerCase() === '.git' || part === '..');
  return hidden ? undefined : below;
}

/** Git's rules for ref names (git-check-ref-format), and no way to write an option or an expression. */
function isLabel(label: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return !/^[-/.]|\.\.|@\{|[\u0000- ~^:?*[\\\u007f]|\/\/|[/.]$/.test(label) && label !== '' && label !== '@';
}

function namesOf(label: string): string[] {
  if (!isLabel(label)) return [];
  const names = [`refs/heads/${label}`, `refs/tags/${label}`, `refs/remotes/${label}`, `refs/remotes/origin/${label}`];
  if (/^refs\/(heads|tags|remotes)\//.test(label)) names.push(label);
  if (/^[0-9a-f]{7,64}$/.test(label)) names.push(label);
  return names;
}
