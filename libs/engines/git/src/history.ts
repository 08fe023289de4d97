import type { ConfigCommit } from '#config';
import { CardeaError } from '#kernel';
import { git } from './git-command.ts';
import type { Repository } from './repository.ts';

const FIELD = '\x1f';
/** Nothing that attributes of the repository select may run. */
const PLAIN = ['--no-textconv', '--no-ext-diff'];

/** Commits up to `version` that touched any of the files, newest first. Without files: anything below the root. */
export function readHistory(
  { gitDir, root }: Repository,
  version: string,
  paths: readonly string[],
  limit: number,
): Promise<readonly ConfigCommit[]> {
  const full = paths.map((path) => fullPath(root, path));
  return log(gitDir, commitOf(version), limit, full.length === 0 && root !== '' ? [root] : full);
}

/** The commit that a line of a file had its text from. */
export async function readLineChange(
  { gitDir, root }: Repository,
  version: string,
  path: string,
  line: number,
): Promise<ConfigCommit> {
  const range = `${line},${line}`;
  const args = ['blame', '--porcelain', '-L', range, commitOf(version), '--', fullPath(root, path)];
  const output = await git(['--git-dir', gitDir, ...args]);
  const id = /^[0-9a-f]+/.exec(output.toString())?.[0] ?? '';
  const [commit] = await log(gitDir, id, 1, []);
  if (commit !== undefined) return commit;
  throw new CardeaError('git-failed', `git: no commit wrote line ${line} of ${path}`, { source: 'internal' });
}

async function log(
  gitDir: string,
  from: string,
  limit: number,
  paths: readonly string[],
): Promise<readonly ConfigCommit[]> {
  const format = '--format=%H%x1f%an%x1f%at%x1f%s';
  const args = ['log', '-z', `--max-count=${limit}`, '--no-show-signature', ...PLAIN, format, from, '--', ...paths];
  const output = await git(['--git-dir', gitDir, ...args]);
  return output
    .toString()
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [id = '', author = '', seconds = '', message = ''] = entry.split(FIELD);
      return { id, author, at: Number(seconds) * 1_000, message };
    });
}

/** Without the mark of uncommitted edits. */
const commitOf = (version: string): string => version.replace(/\+.*$/, '');
const fullPath = (root: string, path: string): string => (root === '' ? path : `${root}/${path}`);
