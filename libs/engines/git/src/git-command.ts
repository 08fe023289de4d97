import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { CardeaError } from '#kernel';

/** Variables of a surrounding git (a hook that starts us, say) that would point git at another repository. */
const UNSET = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_PREFIX', 'GIT_NAMESPACE'];

/** Nothing that a repository's own configuration names may run, nothing may ask, nothing may take locks for reading. */
const FRAME = [
  ...UNSET.flatMap((name) => ['-u', name]),
  'GIT_TERMINAL_PROMPT=0',
  'GIT_OPTIONAL_LOCKS=0',
  'GIT_LITERAL_PATHSPECS=1',
  'LC_ALL=C',
  'git',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'protocol.ext.allow=never',
  '-c',
  'gc.auto=0',
];

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** Removes user and password from every URL in a text. */
export const withoutCredentials = (text: string): string => text.replaceAll(/\/\/[^/\s'"]*@/g, '//');

export interface GitCallOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Runs git and answers its output. Throws `CardeaError` with code `git-failed`, its message free of credentials. */
export function git(args: readonly string[], options: GitCallOptions = {}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'env',
      [...FRAME, ...args],
      {
        encoding: 'buffer',
        maxBuffer: MAX_OUTPUT_BYTES,
        timeout: options.timeoutMs ?? 30_000,
        ...(options.signal ? { signal: options.signal } : {}),
      },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const said = stderr.toString().trim();
        const why =
          said === '' ? (error.killed ? 'it took too long' : `it ended with ${error.code ?? error.signal}`) : said;
        return reject(new CardeaError('git-failed', `git: ${withoutCredentials(why)}`, { source: 'internal' }));
      },
    );
    child.stdin?.end();
  });
}

/** Starts a git that is spoken to over its pipes. */
export const gitProcess = (args: readonly string[]): ChildProcessWithoutNullStreams =>
  spawn('env', [...FRAME, ...args], { stdio: 'pipe' });
