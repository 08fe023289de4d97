import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A folder for one test: a git repository with `config-repo/` in it, and a place for what Cardea writes. */
export class Workspace {
  readonly folder: string;
  readonly dataDir: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.dataDir = join(folder, '.cardea');
  }

  static async create(files: Readonly<Record<string, string>>): Promise<Workspace> {
    const workspace = new Workspace(await mkdtemp(join(tmpdir(), 'cardea-e2e-')));
    await workspace.git('init', '--quiet', '--initial-branch=main');
    await workspace.commit(files);
    return workspace;
  }

  /** Writes files (paths from the folder) and commits them. */
  async commit(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    await this.git('add', '--', ...Object.keys(files));
    await this.git('commit', '--quiet', '--message', 'Edit', '--', ...Object.keys(files));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  private async git(...parameters: string[]): Promise<void> {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'gc.auto=0'];
    await run('git', [...identity, ...parameters], { cwd: this.folder });
  }
}
