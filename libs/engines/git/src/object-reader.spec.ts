import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ObjectReader } from './object-reader.ts';

let folder: string;
let reader: ObjectReader;
const store = (content: string): string =>
  execFileSync('git', ['-C', folder, 'hash-object', '-w', '--stdin'], { input: content }).toString().trim();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cardea-objects-'));
  execFileSync('git', ['init', '-q', folder]);
  reader = new ObjectReader(join(folder, '.git'));
});
afterEach(async () => {
  reader.close();
  await rm(folder, { recursive: true, force: true });
});

describe('ObjectReader', () => {
  it('answers many questions at once, each with its own object, from one process', async () => {
    const contents = ['', '\n', 'x missing\n', 'é'.repeat(300_000), 'blob 3\n'];
    const ids = contents.map(store);
    const [first, pid] = [await reader.read(ids[0] ?? ''), reader.pid];
    expect(first).toEqual({ oid: ids[0], type: 'blob', data: Buffer.alloc(0) });
    const questions = [...ids, 'none', '0'.repeat(40), 'line\nbreak', ...ids];
    const answers = await Promise.all(questions.map((id) => reader.read(id)));
    expect(answers.map((object) => object?.data.toString())).toEqual([
      ...contents,
      undefined,
      undefined,
      undefined,
      ...contents,
    ]);
    expect(reader.pid).toBe(pid);
  });

  it('asks a new process when the old one is killed, questions under way included', async () => {
    const id = store('content');
    await reader.read(id);
    const { pid } = reader;
    process.kill(pid ?? 0, 'SIGSTOP');
    const underWay = Promise.all([reader.read(id), reader.read('none'), reader.read(id)]);
    process.kill(pid ?? 0, 'SIGKILL');
    expect((await underWay).map((object) => object?.data.toString())).toEqual(['content', undefined, 'content']);
    expect(reader.pid).not.toBe(pid);
  });

  it('gives up on a repository that git cannot read, and answers nothing once closed', async () => {
    await rm(join(folder, '.git'), { recursive: true });
    await expect(reader.read('HEAD')).rejects.toMatchObject({ code: 'git-failed' });
    reader.close();
    await expect(reader.read('HEAD')).rejects.toMatchObject({ code: 'git-failed' });
  });
});
