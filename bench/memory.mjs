/**
 * Prints what every kind of process takes: resident memory after ten idle seconds, and the time from exec to ready.
 *
 *   node bench/memory.mjs [--idle 10] [--only up,gateway] [--check]
 *
 * `RSS` is what `ps` shows. `binary` of it are pages of the node executable and its libraries, which all node processes of a
 * machine share; `own` is what exists for this process alone. --check: status 1 when an aim is missed. Linux only; needs
 * `npm run setup` first.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '..');
const cardea = join(root, 'bin/cardea');
const { values: options } = parseArgs({
  options: { idle: { type: 'string', default: '10' }, only: { type: 'string' }, check: { type: 'boolean' } },
});

const PORT = '--server.port=0';
const UP = ['up', PORT, '--management.server.port=0', '--cardea.registry.port=0', '--cardea.config-server.port=0'];
const gateway = ({ registry, config }, ...more) => [
  'gateway',
  PORT,
  '--management.server.port=0',
  `--cardea.registry.url=${registry}`,
  `--cardea.config.url=${config}`,
  ...more,
];

/** `limit`: the aim, MiB. `last`: the line that it prints last. `sources`: needs a registry and a config server beside it, as in production. */
const KINDS = [
  { name: 'up', limit: 150, last: 'Try:', args: () => UP },
  { name: 'gateway', limit: 90, last: 'management', sources: true, args: (urls) => gateway(urls) },
  {
    name: 'gateway of 2 workers',
    limit: 90,
    last: 'management',
    sources: true,
    args: (urls) => gateway(urls, '--cardea.gateway.workers=2'),
  },
  { name: 'registry', limit: 90, last: 'registry', args: () => ['registry', PORT] },
  { name: 'config-server', limit: 90, last: 'config-server', args: () => ['config-server', PORT] },
];

/** Starts a command in a folder of its own and waits until it says where it listens. */
async function start(command, args, last) {
  const ready = new RegExp(`^${last}.*\\n`, 'm');
  const folder = mkdtempSync(join(tmpdir(), 'cardea-memory-'));
  cpSync(join(root, 'config-repo'), join(folder, 'config-repo'), { recursive: true });
  const startedAt = performance.now();
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  while (!ready.test(printed)) {
    await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(([status]) => {
        throw new Error(`${args.join(' ')} ended with ${status}`);
      }),
    ]);
  }
  const readyMs = performance.now() - startedAt;
  const urls = Object.fromEntries(
    [...printed.matchAll(/^(\S+)\s+ready on (\S+)/gm)].map(([, name, url]) => [name, url]),
  );
  return {
    pid: child.pid,
    readyMs,
    urls,
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** MiB. */
function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mib = (text, field) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1_024;
  return {
    rss: mib(status, 'VmRSS'),
    binary: mib(status, 'RssFile'),
    own: mib(status, 'RssAnon'),
    pss: mib(rollup, 'Pss'),
  };
}

function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

let missed = 0;
function print(name, { rss, binary, own, pss }, readyMs, limit) {
  const over = limit !== undefined && rss > limit;
  if (over) missed += 1;
  const cells = [rss, binary, own, pss].map((value) => value.toFixed(1).padStart(7)).join(' ');
  const ready = readyMs === undefined ? '' : `${readyMs.toFixed(0)} ms`;
  const aim = limit === undefined ? '' : `${over ? 'over' : 'at most'} ${limit}`;
  process.stdout.write(`${name.padEnd(22)} ${cells} ${ready.padStart(9)}   ${aim}\n`);
}

async function measure({ name, limit, last, args }, urls) {
  const app = await start(cardea, args(urls), last);
  await delay(Number(options.idle) * 1_000);
  print(name, memoryOf(app.pid), app.readyMs, limit);
  for (const child of childrenOf(app.pid)) print('  a worker of it', memoryOf(child), undefined, limit);
  await app.stop();
}

process.stdout.write(`MiB                        RSS  binary     own     PSS     ready   aim\n`);
const node = join(root, 'node_modules/node/bin/node');
const bare = await start(node, ['-e', 'console.log("node ready on x"); setInterval(() => 0, 1e6)'], 'node');
await delay(1_000);
print('node alone', memoryOf(bare.pid), bare.readyMs);
await bare.stop();

const chosen = KINDS.filter(({ name }) => options.only?.split(',').some((part) => name.includes(part)) ?? true);
const beside = chosen.some(({ sources }) => sources) ? await start(cardea, UP, 'Try:') : undefined;
const urls = { registry: beside?.urls.registry, config: beside?.urls['config-server'] };
for (const kind of chosen) await measure(kind, urls);
await beside?.stop();
if (options.check && missed > 0) process.exitCode = 1;
