const number = (value, digits = 1) => (value === undefined ? '–' : value.toFixed(digits));

function table(title, systems, rows, pick, digits) {
  const lines = [`### ${title}`, '', `| | ${systems.join(' | ')} |`, `|---|${systems.map(() => '---:').join('|')}|`];
  for (const row of rows) {
    const cells = systems.map((system) => number(pick(row, system), digits));
    if (cells.some((cell) => cell !== '–')) lines.push(`| ${row.title} | ${cells.join(' | ')} |`);
  }
  return [...lines, ''].join('\n');
}

/** Markdown of one run. `results[scenario][system]` holds medians. */
export function report({ systems, versions, scenarios, results, processes, machine, options }) {
  const of = (row, system) => results[row.id]?.[system];
  const ratio = (base) => (row, system) => {
    const mine = of(row, system)?.cpuMicros;
    const other = of(row, base)?.cpuMicros;
    return mine === undefined || other === undefined ? undefined : mine / other;
  };
  const parts = [
    '# Results',
    '',
    `Written by \`bench/run.mjs\`. ${machine}`,
    '',
    `Versions: ${systems.map((system) => `${system} ${versions[system]}`).join(', ')}.`,
    '',
    `Each system alone on one core, wrk and the nginx origin on another; 64 connections, keep-alive on both sides; ` +
      `${options.repeats} × ${options.seconds} s per cell, systems in turns, medians. Cardea counts metrics for every ` +
      `request in every scenario; the others keep their counters and write no access log except under "every filter on".`,
    '',
    table('CPU time of the proxy per request, µs', systems, scenarios, (row, system) => of(row, system)?.cpuMicros),
    ...['HAProxy', 'Envoy']
      .filter((base) => systems.includes(base))
      .map((base) => table(`CPU time as a ratio to ${base}`, systems, scenarios, ratio(base), 2)),
    table('Requests per second at full load', systems, scenarios, (row, system) => of(row, system)?.perSecond, 0),
    ...[
      ['p50', 'p50 at full load, ms'],
      ['p99', 'p99 at full load, ms'],
      ['p999', 'p99.9 at full load, ms'],
    ].map(([key, title]) => table(title, systems, scenarios, (row, system) => of(row, system)?.[key], 2)),
    table(
      `Latency at a steady ${options.rate} requests/s, open loop, ms`,
      systems,
      ['p50', 'p99', 'p999', 'worst'].map((id) => ({ id, title: id === 'p999' ? 'p99.9' : id })),
      (row, system) => results['small-get']?.[system]?.steady?.[row.id],
      2,
    ),
    table(
      'Memory (RSS, MiB) and start-up',
      systems,
      [
        { id: 'idleMiB', title: 'after start, MiB' },
        { id: 'loadedMiB', title: 'most after a scenario, MiB' },
        { id: 'startMs', title: 'start to first answer, ms' },
      ],
      (row, system) => processes[system]?.[row.id],
      0,
    ),
  ];
  const failed = scenarios.flatMap((row) =>
    systems
      .filter((system) => (of(row, system)?.bad ?? 0) > 0)
      .map((system) => `${system}, ${row.title}: ${of(row, system).bad}`),
  );
  parts.push(`Failed requests: ${failed.length === 0 ? 'none' : failed.join('; ')}.`, '');
  return parts.join('\n');
}
