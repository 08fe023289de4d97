import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ConfigSource } from '#config';
import { configSourceContract, textsOf, told } from '#engines/contract';
import { openGitSource } from './open-git-source.ts';

const gitIn = (folder: string, ...args: string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { stdio: 'pipe' })
    .toString()
    .trim();

describe('contract: git repository in place, everything committed', () => {
  configSourceContract({
    open: (folder) => {
      gitIn(folder, 'init', '-q', '-b', 'main');
      gitIn(folder, 'add', '.');
      gitIn(folder, 'commit', '-qm', 'first');
      return openGitSource({ uri: `file://${folder}/`, dataDir: '/nonexistent' });
    },
  });
});

describe('openGitSource on a repository of this machine', () => {
  let folder: string;
  let sources: ConfigSource[];
  const git = (...args: string[]): string => gitIn(folder, ...args);
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const commit = async (text: string): Promise<string> => {
    await write('application.yml', text);
    git('add', '.');
    git('commit', '-qm', text);
    return git('rev-parse', 'HEAD');
  };
  const open = async (uri = folder, more: { root?: string; defaultLabel?: string } = {}): Promise<ConfigSource> => {
    const source = await openGitSource({ uri, dataDir: '/nonexistent', ...more });
    sources.push(source);
    return source;
  };
  /** The files as the source opened last has them. */
  const texts = async (label?: string): Promise<Record<string, string>> => {
    const source = sources.at(-1) ?? (await open());
    return textsOf(await source.resolve(label));
  };

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'cardea-git-')));
    sources = [];
    git('init', '-q', '-b', 'main');
  });
  afterEach(async () => {
    await Promise.all(sources.map((source) => source.close()));
    await rm(folder, { recursive: true, force: true });
  });

  it('understands branches, tags of both kinds and commit ids; refuses everything else', async () => {
    const first = await commit('a: 1');
    git('tag', 'light');
    git('tag', '-am', 'note', 'v1');
    git('checkout', '-qb', 'feature/x');
    const second = await commit('a: 2');
    git('checkout', '-q', 'main');
    const opened = await open();
    const known = { main: first, light: first, v1: first, 'feature/x': second, 'refs/heads/main': first };
    for (const [label, version] of Object.entries(known)) {
      expect(await opened.resolve(label)).toMatchObject({ version });
    }
    for (const label of [second, second.slice(0, 7)]) expect((await opened.resolve(label)).version).toBe(second);
    const refused = [
      'none',
      '',
      'HEAD',
      'HEAD~1',
      'main~0',
      'main^{tree}',
      '--help',
      '-1',
      'a..b',
      '../main',
      '@',
      'x\ny',
    ];
    for (const label of [...refused, second.slice(0, 6), ':application.yml', 'main@{0}']) {
      await expect(opened.resolve(label)).rejects.toMatchObject({ code: 'unknown-label' });
    }
  });

  it('never mixes labels that are read at the same time', async () => {
    await commit('a: main');
    for (const name of ['one', 'two', 'three']) {
      git('checkout', '-qb', name);
      await commit(`a: ${name}`);
    }
    await open();
    const labels = Array.from({ length: 60 }, (_, index) => ['one', 'two', 'three', 'main'][index % 4] ?? '');
    const answers = await Promise.all(labels.map((label) => texts(label)));
    expect(answers.map((answer) => answer['application.yml'])).toEqual(labels.map((label) => `a: ${label}`));
  });

  it('lays uncommitted edits over the branch that is checked out only, and says so in the version', async () => {
    const first = await commit('a: 1');
    git('branch', 'other');
    await write('application.yml', 'a: edited');
    await write('new.yml', 'b: 1');
    const opened = await open();
    const edited = await opened.resolve(undefined);
    expect(edited.version).toMatch(new RegExp(`^${first}\\+[0-9a-f]{12}$`));
    expect(await textsOf(edited)).toEqual({ 'application.yml': 'a: edited', 'new.yml': 'b: 1' });
    expect((await opened.resolve('main')).version).toBe(edited.version);
    expect((await opened.resolve('other')).version).toBe(first);
    expect((await opened.resolve(first)).version).toBe(first);
    git('add', '.');
    await told(
      opened,
      () => git('commit', '-qm', 'edits'),
      async () => (await opened.resolve(undefined)).version === git('rev-parse', 'HEAD'),
    );
  });

  it('tells a commit, a branch switch, a rewritten branch and a new tag', async () => {
    const first = await commit('a: 1');
    await commit('a: 2');
    git('branch', 'other', first);
    const opened = await open();
    const is = (label: string | undefined, version: string) => () =>
      opened.resolve(label).then(
        (tree) => tree.version === version,
        () => false,
      );
    await told(opened, () => git('checkout', '-q', 'other'), is(undefined, first));
    await told(opened, () => git('branch', '-f', 'main', first), is('main', first));
    await told(opened, () => git('tag', 'v2'), is('v2', first));
    await told(
      opened,
      () => git('pack-refs', '--all').concat(git('tag', '-d', 'v2')),
      async () =>
        opened.resolve('v2').then(
          () => false,
          () => true,
        ),
    );
  });

  it('takes a folder inside a repository as root, from the address or as an option', async () => {
    await write('config-repo/orders.yml', 'b: 1');
    await commit('a: 1');
    const inside = await open(`file:${folder}/config-repo/`);
    expect(await texts()).toEqual({ 'orders.yml': 'b: 1' });
    expect(await inside.resolve(undefined)).toMatchObject({ workdir: `${folder}/config-repo` });
    await told(inside, () => write('config-repo/sub/new.yml', 'c: 1'));
    expect(await texts()).toEqual({ 'orders.yml': 'b: 1', 'sub/new.yml': 'c: 1' });
    await open(folder, { root: '../config-repo/' });
    expect(Object.keys(await texts())).toEqual(['orders.yml', 'sub/new.yml']);
  });

  it('reads bare repositories and linked work trees', async () => {
    await commit('a: 1');
    git('worktree', 'add', '-q', '-b', 'linked', join(folder, '.git/linked-tree'));
    execFileSync('git', ['clone', '-q', '--bare', folder, join(folder, '.git/bare.git')]);
    await open(join(folder, '.git/bare.git'));
    expect(await texts()).toEqual({ 'application.yml': 'a: 1' });
    const linked = await open(join(folder, '.git/linked-tree'));
    const inTree = join(folder, '.git/linked-tree');
    const change = async (): Promise<void> => {
      await writeFile(join(inTree, 'application.yml'), 'a: 2');
      gitIn(inTree, 'commit', '-qam', 'second');
    };
    await told(
      linked,
      change,
      async () => (await linked.resolve(undefined)).version === gitIn(inTree, 'rev-parse', 'HEAD'),
    );
    expect(await texts()).toEqual({ 'application.yml': 'a: 2' });
    expect(await texts('main')).toEqual({ 'application.yml': 'a: 1' });
  });

  it('lists neither committed symbolic links nor edits that lead outside', async () => {
    await write('dir/a.yml', 'a: 1');
    await symlink('/etc/passwd', join(folder, 'link.yml'));
    await commit('a: 1');
    expect(Object.keys(await texts('main'))).toEqual(['application.yml', 'dir/a.yml']);
    await rm(join(folder, 'dir'), { recursive: true });
    await symlink('/etc', join(folder, 'dir'));
    await open();
    expect(Object.keys(await texts())).toEqual(['application.yml']);
  });

  it('runs nothing that the repository names', async () => {
    await commit('a: 1');
    const trap = join(folder, '.git/ran');
    await writeFile(join(folder, '.git/trap'), `#!/bin/sh\ntouch ${trap}\n`, { mode: 0o755 });
    git('config', 'core.fsmonitor', join(folder, '.git/trap'));
    await symlink(join(folder, '.git/trap'), join(folder, '.git/hooks/post-index-change'));
    await open();
    await texts();
    expect(() => execFileSync('ls', [trap], { stdio: 'pipe' })).toThrow();
  });

  it('opens a repository without a commit, says what is wrong, and serves the first commit', async () => {
    const opened = await open();
    await expect(opened.resolve(undefined)).rejects.toMatchObject({ code: 'unknown-label' });
    expect(opened.status()).toMatchObject({ version: undefined, error: expect.stringContaining('HEAD') });
    await told(opened, () => commit('a: 1'));
    expect(await texts()).toEqual({ 'application.yml': 'a: 1' });
  });

  it('refuses a folder outside git', async () => {
    await rm(join(folder, '.git'), { recursive: true });
    await expect(open()).rejects.toMatchObject({ code: 'not-a-repository' });
  });

  it('tells which commits touched files, and which wrote a line', async () => {
    const first = await commit('a: 1\nb: 1\n');
    await write('other.yml', 'c: 1\n');
    git('add', '.');
    git('commit', '-qm', 'Add another');
    const last = await commit('a: 1\nb: 2\n');
    const source = await open();
    const history = (paths: readonly string[], limit = 10) => source.history?.(`${last}+edits`, paths, limit);
    const commits = await history(['application.yml', 'missing.yml']);
    expect(commits?.slice(0, 2).map(({ id }) => id)).toEqual([last, first]);
    expect(commits?.[0]).toMatchObject({ author: 't', message: 'a: 1 b: 2', at: expect.any(Number) });
    expect(await history(['other.yml'])).toMatchObject([{ message: 'Add another' }]);
    expect(await history([], 1)).toMatchObject([{ id: last }]);
    expect(await source.lineChange?.(last, 'application.yml', 1)).toMatchObject({ id: first, author: 't' });
    expect(await source.lineChange?.(last, 'application.yml', 2)).toMatchObject({ id: last, message: 'a: 1 b: 2' });
    await expect(source.lineChange?.(last, 'missing.yml', 1)).rejects.toMatchObject({ code: 'git-failed' });
  });
});
