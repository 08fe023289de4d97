import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeWith } from '../engines/engine.ts';
import { NODE, ROOT } from './child.ts';

const run = promisify(execFile);

/** Figures are for people: here it counts that the commands of bench/README.md and docs/memory.md work. */
describeWith(['nginx', 'wrk', 'openssl'], 'the benchmark', () => {
  it('measures a scenario and prints its tables', async () => {
    const options = '--seconds 1 --repeats 1 --only small-get --systems Cardea'.split(' ');
    const { stdout } = await run(NODE, ['run.mjs', ...options], { cwd: join(ROOT, 'bench') });
    expect(stdout).toMatch(/\| small GET \| [\d.]+ \|/);
    expect(stdout).toContain('Failed requests: none.');
  }, 60_000);
});

describe('the table of memory', () => {
  it('has a line for a gateway', async () => {
    const { stdout } = await run(NODE, ['bench/memory.mjs', '--only', 'gateway', '--idle', '0'], { cwd: ROOT });
    expect(stdout).toMatch(/^gateway +[\d.]+ .*at most 90$/m);
  }, 60_000);
});

it('formats with the command of `npm run format`', async () => {
  const { scripts }: { scripts: { format: string } } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const [program = '', ...options] = scripts.format.split(' ');
  const folder = mkdtempSync(join(tmpdir(), 'cardea-format-'));
  try {
    writeFileSync(join(folder, 'a.ts'), 'const  a = {b:1}');
    await run(join(ROOT, 'node_modules/.bin', program), options, { cwd: folder });
    expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe('const a = { b: 1 };\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
