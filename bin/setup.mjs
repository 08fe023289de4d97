#!/usr/bin/env node
/**
 * Brings a checkout to where it can run: dependencies by the lock file, then the build and the bundle, each only when out of date.
 * Runs on any Node >= 20 without dependencies; everything after it runs on the pinned runtime.
 *
 * --install-only: leave the build alone.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const lockStamp = join(root, 'node_modules', '.cardea-lock');
const buildStamp = join(root, 'dist', '.cardea-build');
export const pinnedNode = join(root, 'node_modules', 'node', 'bin', 'node');

function fail(what, remedy) {
  process.stderr.write(`cardea: ${what}; ${remedy}\n`);
  process.exit(1);
}

function run(what, command, args) {
  const started = Date.now();
  process.stderr.write(`cardea: ${what} ...\n`);
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  if (result.error) fail(`${what} failed: ${result.error.message}`, `make sure that \`${command}\` can be run`);
  if (result.status !== 0) {
    process.stderr.write(result.stdout + result.stderr);
    fail(`${what} failed with status ${result.status}`, 'see the lines above');
  }
  process.stderr.write(`cardea: ${what} done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}

function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const present = existsSync(lockStamp) ? readFileSync(lockStamp, 'utf8') : '';
  if (present === wanted && existsSync(pinnedNode)) return;
  run('installing dependencies', process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund']);
  if (!existsSync(pinnedNode)) {
    fail(
      'the pinned runtime is missing after the installation',
      'allow install scripts: npm config set ignore-scripts false',
    );
  }
  writeFileSync(lockStamp, wanted);
}

/** Newest modification below `folder`, in ms. Folders count too, so that a removed file is noticed. */
function newest(folder) {
  let time = statSync(folder).mtimeMs;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    time = Math.max(time, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return time;
}

function build() {
  const sources = ['apps', 'libs'].map((folder) => newest(join(root, folder)));
  const settings = ['tsconfig.json', 'package.json', 'package-lock.json', 'bin/bundle.mjs'].map(
    (file) => statSync(join(root, file)).mtimeMs,
  );
  const wanted = String(Math.max(...sources, ...settings));
  if (existsSync(buildStamp) && readFileSync(buildStamp, 'utf8') === wanted) return;
  run('building', pinnedNode, ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.json']);
  if (existsSync(join(root, 'libs/admin-ui/web/vite.config.ts'))) {
    run('building the admin UI', pinnedNode, [
      'node_modules/vite/bin/vite.js',
      'build',
      'libs/admin-ui/web',
      '--logLevel',
      'warn',
    ]);
  }
  run('bundling', pinnedNode, ['bin/bundle.mjs']);
  writeFileSync(buildStamp, wanted);
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Node ${process.versions.node} is too old`, 'install Node 20 or newer');
}
install();
if (!process.argv.includes('--install-only')) build();
