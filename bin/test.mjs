#!/usr/bin/env node
/** Runs Jest on the pinned runtime. Arguments are Jest's: `npm test -- libs/registry --coverage=false`. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const whole = args.length === 0;
const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  join(root, 'node_modules/jest/bin/jest.js'),
  '-c',
  join(root, '.jest.config.mjs'),
  ...(whole ? ['--coverage'] : []),
  ...args,
];
const child = spawn(join(root, 'node_modules/node/bin/node'), jest, { cwd: root, stdio: 'inherit' });
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
