import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ConfigSource } from '#config';
import { textsOf, told } from './config-source-texts.ts';

export interface ConfigSourceHarness {
  /** Opens a source on a folder that already holds its first files. */
  open(folder: string): Promise<ConfigSource>;
}

/** What every engine of the port must do with files in a folder. Call it inside a `describe` with the engine's name. */
export function configSourceContract(harness: ConfigSourceHarness): void {
  let folder: string;
  let source: ConfigSource;
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const texts = async (): Promise<Record<string, string>> => textsOf(await source.resolve(undefined));
  const has = (path: string, text: string | undefined) => async (): Promise<boolean> => (await texts())[path] === text;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cardea-source-'));
    await write('application.yml', 'a: 1\n');
    await write('deep/er/orders.yml', 'b: é\n');
    source = await harness.open(folder);
  });
  afterEach(async () => {
    await source.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('lists files by their path below the root and reads their bytes', async () => {
    expect(await texts()).toEqual({ 'application.yml': 'a: 1\n', 'deep/er/orders.yml': 'b: é\n' });
  });

  it('tells an edit, a new file in a new folder, a replaced and a deleted file', async () => {
    await told(source, () => write('application.yml', 'a: 2\n'), has('application.yml', 'a: 2\n'));
    await told(source, () => write('new/one.yml', 'c: 1\n'), has('new/one.yml', 'c: 1\n'));
    await write('other.yml', 'a: 3\n');
    const replace = (): Promise<void> => rename(join(folder, 'other.yml'), join(folder, 'application.yml'));
    await told(source, replace, has('application.yml', 'a: 3\n'));
    await told(source, () => rm(join(folder, 'deep'), { recursive: true }), has('deep/er/orders.yml', undefined));
    expect(await texts()).toEqual({ 'application.yml': 'a: 3\n', 'new/one.yml': 'c: 1\n' });
  });

  it('sees at once what is there when told to look', async () => {
    let tellings = 0;
    const end = source.watch(() => tellings++);
    await write('application.yml', 'a: 2\n');
    await source.refresh();
    expect([(await texts())['application.yml'], tellings]).toEqual(['a: 2\n', 1]);
    end();
    expect(source.status().error).toBeUndefined();
  });

  it('keeps a tree as it was, and gives edited content another id', async () => {
    const before = await source.resolve(undefined);
    await told(source, () => write('application.yml', 'a: 2\n'), has('application.yml', 'a: 2\n'));
    const after = await source.resolve(undefined);
    expect((await textsOf(before))['application.yml']).toBe('a: 1\n');
    expect(after.files.get('application.yml')?.id).not.toBe(before.files.get('application.yml')?.id);
    expect(after.files.get('deep/er/orders.yml')?.id).toBe(before.files.get('deep/er/orders.yml')?.id);
  });

  it('lists neither symbolic links nor what is below them nor .git', async () => {
    await symlink('/etc/passwd', join(folder, 'passwd.yml'));
    await symlink('/etc', join(folder, 'etc'));
    await write('deep/.git/config', 'secret');
    await told(source, () => write('last.yml', 'z: 1\n'), has('last.yml', 'z: 1\n'));
    expect(Object.keys(await texts())).toEqual(['application.yml', 'deep/er/orders.yml', 'last.yml']);
  });

  it('says where the files are, without a trailing slash, and knows its state before it is asked', async () => {
    const status = source.status();
    const tree = await source.resolve(undefined);
    expect(tree.uri).toContain(folder);
    expect(tree.uri.endsWith('/')).toBe(false);
    expect(tree.workdir).toBe(folder);
    expect(status).toMatchObject({ uri: tree.uri, version: tree.version, error: undefined });
    expect(status.ageMs).toBeGreaterThanOrEqual(0);
  });

  it('tells nothing after the watch has ended', async () => {
    let calls = 0;
    source.watch(() => calls++)();
    await told(source, () => write('application.yml', 'a: 2\n'));
    expect(calls).toBe(0);
  });
}
