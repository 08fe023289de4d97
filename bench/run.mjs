#!/usr/bin/env node
/**
 * Cardea and its peers on one machine, in turns. See README.md.
 *
 * run.mjs [--seconds 5] [--repeats 3] [--rate 2000] [--only ID,…] [--systems NAME,…] [--profile] [--out RESULTS.md]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { saturate, start, steady } from './measure.mjs';
import { originCommand } from './origin.mjs';
import { report } from './report.mjs';
import { scenarios as allScenarios } from './scenarios.mjs';
import { profile } from './profile.mjs';
import * as cardea from './systems/cardea.mjs';
import * as envoy from './systems/envoy.mjs';
import * as haproxy from './systems/haproxy.mjs';
import * as middleware from './systems/http-proxy-middleware.mjs';
import * as nginx from './systems/nginx.mjs';

const PROXY_CORE = 1;
const LOAD_CORE = 0;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    repeats: { type: 'string', default: '3' },
    rate: { type: 'string', default: '2000' },
    only: { type: 'string' },
    systems: { type: 'string' },
    profile: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
const options = { seconds: Number(values.seconds), repeats: Number(values.repeats), rate: Number(values.rate) };
const chosen = (list, text, key) =>
  text === undefined ? list : list.filter((each) => text.toLowerCase().split(',').includes(each[key].toLowerCase()));
const scenarios = chosen(allScenarios, values.only, 'id');
const say = (text) => process.stderr.write(`${text}\n`);

function versionOf(system) {
  try {
    return system.version();
  } catch {
    return undefined;
  }
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function makeCertificate(folder) {
  const [cert, key, both] = ['cert.pem', 'key.pem', 'both.pem'].map((file) => join(folder, file));
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=bench.test'.split(
    ' ',
  );
  execFileSync('openssl', [...request, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  writeFileSync(both, readFileSync(cert, 'utf8') + readFileSync(key, 'utf8'));
  return { cert, key, both };
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
function medians(runs) {
  const keys = Object.keys(runs[0]);
  return Object.fromEntries(
    keys.map((key) => [
      key,
      key === 'bad' ? Math.max(...runs.map((run) => run.bad)) : median(runs.map((run) => run[key])),
    ]),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'cardea-bench-'));
const originPort = await freePort();
const origin = await start(originCommand(folder, originPort), {
  core: LOAD_CORE,
  url: `http://127.0.0.1:${originPort}/small`,
});
const certificate = makeCertificate(folder);

const versions = {};
const systems = [];
for (const system of chosen([cardea, nginx, haproxy, envoy, middleware], values.systems, 'name')) {
  versions[system.name] = versionOf(system);
  if (versions[system.name] === undefined) say(`${system.name} is not on this machine: left out`);
  else systems.push(system);
}

const results = {};
const processes = {};
const running = new Set();

/** Starts a system for a variant; the path of the scenario must answer 200 through it. */
async function launch(system, variant, path, more = {}) {
  const own = join(folder, `${system.name}-${variant}`);
  mkdirSync(own, { recursive: true });
  const port = await freePort();
  const facts = { variant, folder: own, port, besidePort: await freePort(), originPort, certificate, ...more };
  const wanted = system.beside?.(facts);
  const beside = wanted && (await start(wanted.command, { core: LOAD_CORE, url: wanted.url, cwd: own }));
  if (beside) running.add(beside);
  const { command, env } = system.command(facts);
  const base = `${variant === 'tls' ? 'https' : 'http'}://127.0.0.1:${port}`;
  const started = await start(command, { core: PROXY_CORE, url: `${base}${path}`, env, cwd: own });
  running.add(started);
  const stop = async (signal) => {
    await started.stop(signal);
    await beside?.stop(signal);
    running.delete(started);
    running.delete(beside);
  };
  return { ...started, base, stop };
}

try {
  const groups = Map.groupBy(scenarios, (scenario) => scenario.variant);
  for (const [variant, group] of groups) {
    const probe = variant === 'plain' ? '/small' : group[0].path;
    const started = new Map();
    for (const system of systems) {
      if (system.supports && !system.supports(variant)) continue;
      try {
        const one = await launch(system, variant, probe);
        started.set(system, one);
        if (variant === 'plain') processes[system.name] = { idleMiB: one.idleMiB, startMs: one.startMs, loadedMiB: 0 };
      } catch (error) {
        say(`${system.name} cannot run ${variant}: ${error.message}`);
      }
    }
    for (const scenario of group) {
      const runs = new Map([...started.keys()].map((system) => [system, []]));
      for (let turn = 0; turn < options.repeats; turn += 1) {
        for (const [system, one] of started) {
          const measured = await saturate(one, scenario, `${one.base}${scenario.path}`, {
            core: LOAD_CORE,
            seconds: options.seconds,
            folder,
          });
          runs.get(system).push(measured);
          say(
            `${scenario.title.padEnd(20)} ${system.name.padEnd(22)} ${measured.cpuMicros.toFixed(1).padStart(7)} µs ` +
              `${measured.perSecond.toFixed(0).padStart(7)}/s  p99 ${measured.p99.toFixed(2)} ms  bad ${measured.bad}`,
          );
        }
      }
      results[scenario.id] = Object.fromEntries([...runs].map(([system, list]) => [system.name, medians(list)]));
      for (const system of started.keys()) {
        const known = processes[system.name];
        if (known) known.loadedMiB = Math.max(known.loadedMiB, results[scenario.id][system.name].loadedMiB);
      }
      if (scenario.id === 'small-get') {
        for (const [system, one] of started) {
          const found = await steady(scenario, `${one.base}${scenario.path}`, {
            core: LOAD_CORE,
            seconds: Math.max(2, options.seconds),
            rate: options.rate,
          });
          results[scenario.id][system.name].steady = found;
          say(
            `steady ${options.rate}/s ${system.name.padEnd(22)} p50 ${found.p50.toFixed(2)} p99 ${found.p99.toFixed(2)} p99.9 ${found.p999.toFixed(2)} ms`,
          );
        }
      }
    }
    for (const one of started.values()) {
      await one.stop();
    }
  }
  const shown = systems.filter((system) => Object.values(results).some((row) => row[system.name]));
  let text = report({
    systems: shown.map((system) => system.name),
    versions,
    scenarios,
    results,
    processes,
    machine: `Machine: ${cpus().length} × ${cpus()[0].model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}, ${new Date().toISOString().slice(0, 10)}.`,
    options,
  });
  if (values.profile && systems.includes(cardea)) {
    const cost = results['small-get']?.[cardea.name]?.cpuMicros;
    text += await profile({
      launch,
      saturate,
      system: cardea,
      core: LOAD_CORE,
      folder,
      seconds: options.seconds,
      cost,
    });
  }
  process.stdout.write(text);
  if (values.out !== undefined) writeFileSync(join(import.meta.dirname, values.out), text);
} finally {
  for (const one of running) await one.stop('SIGKILL');
  await origin.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
