import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { git, withoutCredentials } from './git-command.ts';
import { withHttpLogin } from './http-login.ts';

/** Branches and tags only: hosting sites keep a ref for every merge request, which no label means. */
const REFSPECS = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
/** A first fetch may be large; a connection that carries next to nothing ends much earlier. */
const FETCH_TIMEOUT_MS = 300_000;
const STALLED = ['-c', 'http.lowSpeedLimit=100', '-c', 'http.lowSpeedTime=10'];

/** A bare copy of a remote under the data folder, which belongs to one process at a time. */
export class Mirror {
  readonly gitDir: string;
  readonly #uri: string;
  readonly #signal: AbortSignal;

  /** `uri` may hold credentials: git gets them for the time of each fetch, in a file of this user's. */
  constructor(uri: string, dataDir: string, signal: AbortSignal) {
    this.#uri = uri;
    this.#signal = signal;
    this.gitDir = join(
      dataDir,
      'git',
      `${createHash('sha256').update(withoutCredentials(uri)).digest('hex').slice(0, 16)}.git`,
    );
  }

  get exists(): boolean {
    return existsSync(this.gitDir);
  }

  /** Clears what a killed process left behind: locks that stop every later fetch, and half-made copies. */
  async clean(): Promise<void> {
    const parent = dirname(this.gitDir);
    await mkdir(parent, { recursive: true });
    const left = (await readdir(parent)).filter((name) => name.startsWith(`${basename(this.gitDir)}.`));
    await Promise.all(left.map((name) => rm(join(parent, name), { recursive: true, force: true })));
    if (!this.exists) return;
    const inside = await readdir(this.gitDir, { recursive: true });
    const stale = inside.filter((path) => path.endsWith('.lock') || /(^|\/)tmp_(pack|idx|obj)_/.test(path));
    await Promise.all(stale.map((path) => rm(join(this.gitDir, path), { force: true })));
  }

  /** Whether everything that the refs reach is there. */
  async isSound(): Promise<boolean> {
    const args = ['--git-dir', this.gitDir, 'fsck', '--connectivity-only', '--no-dangling', '--no-progress'];
    return git(args, { timeoutMs: FETCH_TIMEOUT_MS, signal: this.#signal }).then(
      () => true,
      () => false,
    );
  }

  /** Follows the remote: moved and deleted refs and another default branch too. */
  fetch(): Promise<void> {
    return this.#fetchInto(this.gitDir);
  }

  /** Makes the copy anew beside the old one and takes its place only when it is whole. */
  async rebuild(): Promise<void> {
    const fresh = `${this.gitDir}.new`;
    const old = `${this.gitDir}.old`;
    await Promise.all([fresh, old].map((path) => rm(path, { recursive: true, force: true })));
    try {
      await git(['init', '--bare', '--quiet', '--template=', fresh]);
      await this.#fetchInto(fresh);
      if (this.exists) await rename(this.gitDir, old);
      await rename(fresh, this.gitDir);
    } finally {
      await Promise.all([fresh, old].map((path) => rm(path, { recursive: true, force: true })));
    }
  }

  #fetchInto(gitDir: string): Promise<void> {
    return withHttpLogin(this.#uri, `${this.gitDir}.login`, (uri, login) => this.#fetchFrom(uri, login, gitDir));
  }

  async #fetchFrom(uri: string, login: readonly string[], gitDir: string): Promise<void> {
    const at = ['--git-dir', gitDir, ...STALLED, ...login];
    const limits = { timeoutMs: FETCH_TIMEOUT_MS, signal: this.#signal };
    const told = await git([...at, 'ls-remote', '--symref', '--', uri, 'HEAD'], limits);
    const flags = ['--quiet', '--prune', '--force', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
    await git([...at, 'fetch', ...flags, '--', uri, ...REFSPECS], limits);
    const head = /^ref: (refs\/heads\/\S+)\tHEAD$/m.exec(told.toString())?.[1];
    if (head !== undefined) await git(['--git-dir', gitDir, 'symbolic-ref', 'HEAD', head]);
  }
}
