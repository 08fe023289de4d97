import { closeSync, mkdtempSync, openSync, rmSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readSettledFile } from './settled-file.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-settled-'));
  path = join(folder, 'a.yml');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('waits for a writer who truncated the file and takes long to write', async () => {
  writeFileSync(path, 'old');
  const file = openSync(path, 'w');
  const reading = readSettledFile(path);
  await delay(200);
  writeSync(file, 'new');
  closeSync(file);
  expect((await reading).content.toString()).toBe('new');
});

it('reads a file at rest at once, an empty one too', async () => {
  for (const text of ['', 'text']) {
    writeFileSync(path, text);
    utimesSync(path, 1_000, 1_000);
    const started = performance.now();
    const { content, modifiedAt } = await readSettledFile(path);
    expect([content.toString(), modifiedAt]).toEqual([text, 1_000_000]);
    expect(performance.now() - started).toBeLessThan(50);
  }
});

it('believes an empty file in the end', async () => {
  writeFileSync(path, '');
  expect((await readSettledFile(path)).content).toHaveLength(0);
});

it('throws for what is not there', async () => {
  await expect(readSettledFile(path)).rejects.toThrow('ENOENT');
});
