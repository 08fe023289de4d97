import { realpath } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigSource } from '#config';
import { CardeaError, type Clock, systemClock } from '#kernel';
import { git, withoutCredentials } from './git-command.ts';
import { LocalSource } from './local-source.ts';
import { RemoteSource } from './remote-source.ts';
import { Repository } from './repository.ts';

export interface GitSourceOptions {
  /** A path or `file:` URL (read in place; may be a folder inside a repository), or the URL of a remote. */
  readonly uri: string;
  /** Folder below the one that `uri` names, to be used as root. */
  readonly root?: string;
  /** Where mirrors of remotes are kept between runs. */
  readonly dataDir: string;
  /** Without one: HEAD, which for a remote is its default branch. */
  readonly defaultLabel?: string;
  /** Time between two fetches of a remote, 10 s unless given; 0 fetches before every answer. */
  readonly refreshMs?: number;
  readonly clock?: Clock;
}

const REFRESH_MS = 10_000;

/** Throws `CardeaError` with code `not-a-repository` when `uri` is a path outside any git repository. */
export async function openGitSource(options: GitSourceOptions): Promise<ConfigSource> {
  const uri = withoutCredentials(options.uri).replace(/\/+$/, '');
  const clock = options.clock ?? systemClock;
  const path = localPath(options.uri);
  if (path === undefined) {
    const { dataDir, defaultLabel, refreshMs = REFRESH_MS } = options;
    const root = rootPath('', options.root);
    return new RemoteSource({ uri: options.uri, root, dataDir, defaultLabel, refreshMs, clock }).open();
  }
  const { top, headDir, gitDir, prefix } = await locate(path);
  const repository = new Repository(gitDir, rootPath(prefix, options.root));
  const source = new LocalSource({ repository, uri, top, headDir, defaultLabel: options.defaultLabel, clock });
  return source.open();
}

/** The path that a `file:` URL or a plain path names; undefined for URLs of remotes and `host:path`. */
function localPath(uri: string): string | undefined {
  if (/^file:\/\//i.test(uri)) return fileURLToPath(uri);
  if (/^file:/i.test(uri)) return resolve(decodeURIComponent(uri.slice(5)));
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(uri) || /^[^/]+:/.test(uri)) return undefined;
  return resolve(uri);
}

interface Location {
  readonly top: string | undefined;
  readonly headDir: string;
  readonly gitDir: string;
  /** Path from the repository's root to the folder asked for. */
  readonly prefix: string;
}

async function locate(path: string): Promise<Location> {
  try {
    const folder = await realpath(path);
    const questions = ['--is-bare-repository', '--absolute-git-dir', '--git-common-dir'];
    const lines = (await git(['-C', folder, 'rev-parse', ...questions])).toString().split('\n');
    const headDir = lines[1] ?? '';
    const gitDir = resolve(folder, lines[2] ?? '');
    if (lines[0] === 'true') return { top: undefined, headDir, gitDir, prefix: '' };
    const top = (await git(['-C', folder, 'rev-parse', '--show-toplevel'])).toString().replace(/\n$/, '');
    return { top, headDir, gitDir, prefix: relative(top, folder) };
  } catch (cause) {
    // Everything else (git is not installed, or distrusts the owner of the folder) is for the operator to see.
    if (cause instanceof CardeaError && !/not a git repository/i.test(cause.message)) throw cause;
    throw new CardeaError('not-a-repository', `${path} is not in a git repository`, { source: 'internal', cause });
  }
}

/** The root inside the repository, without any way out of it. */
function rootPath(prefix: string, root = ''): string {
  return join('/', prefix, join('/', root)).slice(1).replace(/\/+$/, '');
}
