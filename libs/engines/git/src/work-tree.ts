import { createHash } from 'node:crypto';
import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConfigFile, readSettledFile } from '#config';
import { git } from './git-command.ts';
import { pathBelow } from './repository.ts';

/** What a work tree has that its HEAD has not. */
export interface Edits {
  /** Edited and new files by path; undefined where a committed file is gone. */
  readonly files: ReadonlyMap<string, ConfigFile | undefined>;
  /** Short hash over all edits; undefined when there are none. */
  readonly hash: string | undefined;
}

const HASH_DIGITS = 12;
/** The edits below `root` as `git status` tells them (so ignored files are none), their contents held. */
export async function readEdits(top: string, root: string): Promise<Edits> {
  const flags = ['--porcelain', '-z', '--untracked-files=all', '--no-renames', '--ignore-submodules=all'];
  const output = await git(['-C', top, 'status', ...flags, '--', root === '' ? '.' : root]);
  const paths = new Set<string>();
  for (const entry of output.toString().split('\0')) {
    const path = pathBelow(root, entry.slice(3));
    // A path that ends in a slash is a repository within this one.
    if (path !== undefined && path !== '' && !path.endsWith('/')) paths.add(path);
  }
  const base = join(await realpath(top), root);
  const edits = await Promise.all([...paths].map((path) => readEdit(base, path)));
  edits.sort((a, b) => (a.path < b.path ? -1 : 1));
  const hash = createHash('sha256');
  for (const { path, file } of edits) hash.update(`${path}\0${file?.id ?? ''}\0`);
  return {
    files: new Map(edits.map(({ path, file }) => [path, file])),
    hash: edits.length === 0 ? undefined : hash.digest('hex').slice(0, HASH_DIGITS),
  };
}

async function readEdit(base: string, path: string): Promise<{ path: string; file: ConfigFile | undefined }> {
  const full = join(base, path);
  try {
    // The real path differs when the file, or a folder above it, is a symbolic link that may lead outside.
    if (!(await lstat(full)).isFile() || (await realpath(full)) !== full) return { path, file: undefined };
    const { content, modifiedAt } = await readSettledFile(full);
    const id = createHash('sha256').update(content).digest('hex');
    return { path, file: { path, id, modifiedAt, read: () => Promise.resolve(content) } };
  } catch {
    // Deleted, or unreadable to us: then it is not there.
    return { path, file: undefined };
  }
}
