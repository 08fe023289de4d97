import { execFileSync } from 'node:child_process';
import { configSourceContract } from '#engines/contract';
import { openGitSource } from './open-git-source.ts';

const git = (folder: string, ...args: string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { stdio: 'pipe' })
    .toString()
    .trim();

describe('contract: git repository in place', () => {
  configSourceContract({
    open: (folder) => {
      git(folder, 'init', '-q', '-b', 'main');
      git(folder, 'add', '.');
      git(folder, 'commit', '-qm', 'first');
      return openGitSource({ uri: `file://${folder}/`, dataDir: '/nonexistent' });
    },
  });
});
