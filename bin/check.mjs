#!/usr/bin/env node
/** Everything a reviewer should not have to say: types, lint, the dependency rule, formatting. All run; all failures show. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const node = join(root, 'node_modules/node/bin/node');

/** @type {[string, string[]][]} name, arguments for node */
const checks = [
  ['types', ['node_modules/typescript7/bin/tsc', '-p', 'test/tsconfig.json']],
  ...(existsSync(join(root, 'libs/admin-ui/web/tsconfig.json'))
    ? [
        [
          'types of the admin UI',
          ['node_modules/typescript7/bin/tsc', '-p', 'libs/admin-ui/web/tsconfig.json', '--noEmit'],
        ],
      ]
    : []),
  ['lint', ['node_modules/oxlint/bin/oxlint', '--type-aware', '-c', '.oxlintrc.json', '.']],
  [
    'dependency rule',
    [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.mjs',
      'apps',
      'libs',
      'test',
    ],
  ],
  ['formatting', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']],
];

let failed = 0;
for (const [name, args] of checks) {
  const started = Date.now();
  const result = spawnSync(node, args, { cwd: root, encoding: 'utf8' });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  if (result.status === 0) {
    process.stdout.write(`ok      ${name} (${seconds} s)\n`);
  } else {
    failed += 1;
    process.stdout.write(`FAILED  ${name} (${seconds} s)\n${result.stdout}${result.stderr}\n`);
  }
}
process.exit(failed === 0 ? 0 : 1);
