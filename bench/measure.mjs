import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TICKS_PER_SECOND = 100;
const CONNECTIONS = 64;

/** The process and all below it. */
function tree(pid) {
  const pids = [pid];
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim();
    if (children !== '') pids.push(...children.split(' ').flatMap((child) => tree(Number(child))));
  }
  return pids;
}

/** User and system time of a process tree, in microseconds; resolution 10 ms. */
export function cpuMicros(pid) {
  let ticks = 0;
  for (const each of tree(pid)) {
    // The command name may hold spaces; it ends at the last bracket.
    const fields = readFileSync(`/proc/${each}/stat`, 'utf8').split(') ').at(-1).split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return (ticks * 1_000_000) / TICKS_PER_SECOND;
}

/** Resident memory of a process tree in MiB; memory that its processes share is counted in each. */
export function residentMiB(pid) {
  let kib = 0;
  for (const each of tree(pid)) {
    kib += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${each}/status`, 'utf8'))?.[1] ?? 0);
  }
  return kib / 1024;
}

function statusOf(url) {
  const client = url.startsWith('https') ? https : http;
  return new Promise((resolve) => {
    const request = client.get(url, { agent: false, rejectUnauthorized: false, timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(0));
  });
}

/** Starts a program pinned to one core. `startMs` is the time until `url` first answered 200. */
export async function start(command, { core, url, env = {}, cwd }) {
  const began = performance.now();
  const child = spawn('taskset', ['-c', String(core), ...command], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors = (errors + text).slice(-3000);
  });
  while ((await statusOf(url)) !== 200) {
    if (child.exitCode !== null || performance.now() - began > 30_000) {
      child.kill('SIGKILL');
      throw new Error(`${command[0]} did not answer ${url}:\n${errors}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const startMs = performance.now() - began;
  const stop = async (signal = 'SIGTERM') => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    const forced = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await once(child, 'exit');
    clearTimeout(forced);
  };
  return { pid: child.pid, startMs, idleMiB: residentMiB(child.pid), stop };
}

const REPORT = `
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format('RESULT {"requests":%d,"micros":%d,"bad":%d,"p50":%d,"p99":%d,"p999":%d}\\n',
    summary.requests, summary.duration, errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
`;

/** All that the system can do: 64 connections, the next request as soon as an answer is there. */
export async function saturate(system, scenario, url, { core, seconds, folder }) {
  const script = join(folder, `${scenario.id}.lua`);
  writeFileSync(script, `${scenario.lua ?? ''}\n${REPORT}`);
  const wrk = (duration) =>
    run('taskset', [
      '-c',
      String(core),
      ...`wrk -t 1 -c ${CONNECTIONS} -d ${duration}s --timeout 5s --latency -s ${script} ${url}`.split(' '),
    ]);
  await wrk(1);
  const before = cpuMicros(system.pid);
  const { stdout } = await wrk(seconds);
  const cpu = cpuMicros(system.pid) - before;
  const line = /RESULT (.*)/.exec(stdout)?.[1];
  if (line === undefined) throw new Error(`wrk said nothing to be understood:\n${stdout}`);
  const found = JSON.parse(line);
  return {
    cpuMicros: cpu / found.requests,
    perSecond: (found.requests * 1_000_000) / found.micros,
    bad: found.bad,
    p50: found.p50 / 1000,
    p99: found.p99 / 1000,
    p999: found.p999 / 1000,
    loadedMiB: residentMiB(system.pid),
  };
}

/** Latencies at a rate that every system can take. */
export async function steady(scenario, url, { core, seconds, rate }) {
  const script = join(import.meta.dirname, 'steady.mjs');
  const load = [script, url, rate, seconds, CONNECTIONS].map(String);
  const { stdout } = await run('taskset', ['-c', String(core), process.execPath, ...load]);
  return JSON.parse(stdout);
}
