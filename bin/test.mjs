#!/usr/bin/env node
/**
 * Runs Jest on the pinned runtime. Arguments are Jest's: `npm test -- libs/registry --coverage=false`.
 * Without arguments everything runs, coverage is printed, and the domains must keep theirs.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const report = join(root, '.cardea/jest.json');
const args = process.argv.slice(2);
const whole = args.length === 0;

const domains = ['kernel', 'traffic', 'registry', 'config', 'loadbalancer', 'resilience'];
const threshold = Object.fromEntries(domains.map((name) => [`./libs/${name}/`, { lines: 90 }]));

/** Suites that a missing engine kept from running carry its name: `registry store [needs redis]`. */
function namesOfSkippedSuites() {
  const names = new Set();
  for (const file of JSON.parse(readFileSync(report, 'utf8')).testResults) {
    for (const test of file.assertionResults) {
      const suite = test.ancestorTitles.find((title) => /\[needs .+\]$/.test(title));
      if (suite !== undefined) names.add(suite);
    }
  }
  return names;
}

const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  join(root, 'node_modules/jest/bin/jest.js'),
  '-c',
  join(root, '.jest.config.mjs'),
  ...(whole
    ? ['--coverage', `--coverageThreshold=${JSON.stringify(threshold)}`, '--json', `--outputFile=${report}`]
    : []),
  ...args,
];
if (whole) {
  mkdirSync(join(root, '.cardea'), { recursive: true });
  rmSync(report, { force: true });
}
const child = spawn(join(root, 'node_modules/node/bin/node'), jest, { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  if (whole && code !== null) {
    for (const name of namesOfSkippedSuites()) process.stdout.write(`skipped: ${name}\n`);
  }
  process.exit(code ?? (signal ? 1 : 0));
});
