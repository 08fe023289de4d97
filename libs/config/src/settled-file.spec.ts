import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettledFile } from './settled-file.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-settled-'));
  path = join(folder, 'a.yml');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What happens instead of each wait. */
function waits(...acts: (() => void)[]) {
  const lengths: number[] = [];
  const wait = (ms: number): Promise<void> => {
    acts[lengths.push(ms) - 1]?.();
    return Promise.resolve();
  };
  return { lengths, wait };
}

/** Writes as if it had been that long ago. */
function written(text: string, agoMs: number): void {
  writeFileSync(path, text);
  const at = (Date.now() - agoMs) / 1_000;
  utimesSync(path, at, at);
}

it('waits for a writer who truncated the file and takes long to write', async () => {
  written('', 200);
  const { lengths, wait } = waits(
    () => undefined,
    () => written('ne', 10),
    () => written('new', 100),
  );
  expect((await readSettledFile(path, wait)).content.toString()).toBe('new');
  expect(lengths).toHaveLength(3);
});

it('reads a file at rest at once, an empty one too', async () => {
  for (const text of ['', 'text']) {
    writeFileSync(path, text);
    utimesSync(path, 1_000, 1_000);
    const { lengths, wait } = waits();
    const { content, modifiedAt } = await readSettledFile(path, wait);
    expect([content.toString(), modifiedAt, lengths]).toEqual([text, 1_000_000, []]);
  }
});

it('believes an empty file in the end', async () => {
  writeFileSync(path, '');
  expect((await readSettledFile(path)).content).toHaveLength(0);
});

it('throws for what is not there', async () => {
  await expect(readSettledFile(path)).rejects.toThrow('ENOENT');
});
