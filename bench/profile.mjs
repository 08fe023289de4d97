import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenarios } from './scenarios.mjs';

/** Where a function belongs, by its file; the first that fits. */
const places = [
  ['data plane: HTTP/1.1 codec', /libs\/dataplane\/src\/http1\//],
  ['data plane: upstream', /libs\/dataplane\/src\/upstream\//],
  ['data plane: match', /libs\/dataplane\/src\/match\//],
  ['data plane: filters', /libs\/dataplane\/src\/filters\//],
  ['data plane: rest of the stack', /libs\/dataplane\//],
  ['balancing', /libs\/loadbalancer\//],
  ['resilience', /libs\/resilience\//],
  ['telemetry', /libs\/telemetry\/|prom-client/],
  ['other Cardea', /\/dist\//],
  ['Node: streams and sockets', /^node:/],
];

function placeOf({ functionName, url }) {
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(idle)') return undefined;
  if (functionName === '(program)') return 'native code outside JavaScript (event loop, reads)';
  const place = places.find(([, pattern]) => pattern.test(url));
  if (place) return place[0];
  return /^(write|writev|shutdown|readStart)/i.test(functionName)
    ? 'socket writes (kernel included)'
    : 'native functions';
}

/** One more run of the small GET under V8's sampling profiler, as a table of µs per request. */
export async function profile({ launch, saturate, system, core, folder, seconds, cost }) {
  const profiles = join(folder, 'profiles');
  const one = await launch(system, 'plain', '/small', { profileTo: profiles });
  const small = scenarios.find((scenario) => scenario.id === 'small-get');
  const measured = await saturate(one, small, `${one.base}${small.path}`, { core, seconds, folder });
  await one.stop();
  const spent = new Map();
  for (const file of readdirSync(profiles)) {
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(profiles, file), 'utf8'));
    const frames = new Map(nodes.map((node) => [node.id, node.callFrame]));
    for (const [index, sample] of samples.entries()) {
      const place = placeOf(frames.get(sample));
      if (place !== undefined) spent.set(place, (spent.get(place) ?? 0) + timeDeltas[index]);
    }
  }
  const total = [...spent.values()].reduce((sum, micros) => sum + micros, 0);
  const perRequest = cost ?? measured.cpuMicros;
  const rows = [...spent]
    .sort((one, two) => two[1] - one[1])
    .map(
      ([place, micros]) =>
        `| ${place} | ${((100 * micros) / total).toFixed(1)} % | ${((perRequest * micros) / total).toFixed(2)} |`,
    );
  return [
    '## Where the time of a small GET goes in Cardea',
    '',
    "V8's sampling profiler over the same load, start-up included; shares applied to the CPU time measured without it.",
    '',
    '| | share | µs per request |',
    '|---|---:|---:|',
    ...rows,
    '',
  ].join('\n');
}
