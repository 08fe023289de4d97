import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#kernel';
import { ManualClock } from '#testing';
import { FolderWatcher } from './folder-watcher.ts';

let folder: string;
let watcher: FolderWatcher;
let tell: () => void = () => undefined;
const next = (): Promise<void> =>
  new Promise((resolve) => {
    tell = resolve;
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cardea-watch-'));
});
afterEach(async () => {
  watcher.close();
  await rm(folder, { recursive: true, force: true });
});

describe('FolderWatcher', () => {
  it('sees changes at any depth, in folders that came later and came back too', async () => {
    watcher = new FolderWatcher({ folder, deep: true, clock: systemClock, settleMs: 5, onChange: () => tell() });
    await mkdir(join(folder, 'a/b'), { recursive: true });
    await watcher.start();
    for (const change of [
      () => writeFile(join(folder, 'a/b/c.yml'), '1'),
      () => rm(join(folder, 'a'), { recursive: true }),
      () => mkdir(join(folder, 'a')),
      () => writeFile(join(folder, 'a/d.yml'), '1'),
    ]) {
      const told = next();
      await change();
      await told;
    }
  });

  it('leaves no timer when closed, and does not mind a folder that is not there', async () => {
    const clock = new ManualClock();
    watcher = new FolderWatcher({ folder: join(folder, 'none'), deep: true, clock, onChange: () => tell() });
    await watcher.start();
    watcher.close();
    await watcher.start();
    expect(clock.pending).toBe(0);
  });
});
