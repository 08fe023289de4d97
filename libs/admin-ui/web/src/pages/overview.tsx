import type { ComponentChildren, JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { AlignedData } from 'uplot';
import { count, indicator, latency, NONE, percent, plural, rate } from '../model/format.ts';
import { outcomesOfLastMinute, type Traffic } from '../model/traffic-history.ts';
import { problemsOf } from '../model/problems.ts';
import { health, routes, services } from '../state/documents.ts';
import { href } from '../state/router.ts';
import { useStore } from '../state/store.ts';
import { traffic } from '../state/traffic.ts';
import { Chart, type Line } from '../view/chart.tsx';
import { Icon } from '../view/icons.tsx';
import { ProblemList, Status } from '../view/status.tsx';

const TRAFFIC_LINES: readonly Line[] = [
  { title: 'requests/s', colour: '--accent' },
  { title: 'errors/s', colour: '--bad', dashed: true },
];
const LATENCY_LINES: readonly Line[] = [
  { title: 'p50', colour: '--bronze' },
  { title: 'p99', colour: '--accent', dashed: true },
];
/** Outcomes that are somebody's fault. The rest ended as the route wanted. */
const FINE = new Set(['success', 'redirected', 'responded-locally', 'not-found']);

/** Seconds come once a second; this far apart, at least one is missing. */
const GAP_MS = 2500;

export function OverviewPage(): JSX.Element {
  const seen = useStore(traffic);
  const [traffics, latencies] = useMemo(() => series(seen), [seen]);
  return (
    <div class="page overview">
      <h1>Overview</h1>
      <Tiles traffic={seen} />
      <div class="pair">
        <Chart title="Traffic" lines={TRAFFIC_LINES} data={traffics} format={rate} least={5} />
        <Chart title="Latency" lines={LATENCY_LINES} data={latencies} format={latency} least={5} />
      </div>
      <div class="pair">
        <Problems />
        <div class="stack">
          <Health />
          <Outcomes traffic={seen} />
        </div>
      </div>
    </div>
  );
}

function Tiles({ traffic: { last } }: { readonly traffic: Traffic }): JSX.Element {
  const { data } = useStore(services.state);
  const up = data?.services.reduce((sum, service) => sum + service.up, 0);
  const total = data?.services.reduce((sum, service) => sum + service.instances, 0);
  return (
    <ul class="tiles">
      <Tile title="Requests/s" value={last ? count(last.requests) : NONE} />
      <Tile title="Errors/s" value={last ? count(last.errors) : NONE}>
        {last && `${percent(last.errors, last.requests)} of requests`}
      </Tile>
      <Tile title="Latency p50" value={latency(last?.p50Ms)}>
        p99 <strong>{latency(last?.p99Ms)}</strong>
      </Tile>
      <Tile title="In flight" value={last ? count(last.inFlight) : NONE} />
      <Tile title="Instances up" value={up === undefined ? NONE : count(up)}>
        {total !== undefined && data && (
          <a href={href('services')}>
            of {count(total)} in {plural(data.services.length, 'service')}
          </a>
        )}
      </Tile>
    </ul>
  );
}

function Tile(props: {
  readonly title: string;
  readonly value: string;
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <li class="card tile">
      <h2>{props.title}</h2>
      <p class="figure">{props.value}</p>
      <p class="subtle">{props.children}</p>
    </li>
  );
}

function Problems(): JSX.Element {
  const { data } = useStore(routes.state);
  const problems = problemsOf(data);
  return (
    <section class="card">
      <header>
        <h2>Problems</h2>
        {problems.length > 0 && <span class="subtle">{plural(problems.length, 'problem')} in the configuration</span>}
      </header>
      {problems.length > 0 ? (
        <ProblemList problems={problems.slice(0, 20)} />
      ) : (
        <p class="calm">
          <Icon name="check" />
          {data ? `None: ${plural(data.routes.length, 'route')} read without a complaint.` : 'Not known yet.'}
        </p>
      )}
      {problems.length > 20 && <a href={href('routes')}>All {count(problems.length)} problems</a>}
    </section>
  );
}

function Health(): JSX.Element {
  const { data, failure } = useStore(health.state);
  const components = Object.entries(data?.components ?? {});
  return (
    <section class="card">
      <header>
        <h2>Health</h2>
        <Status status={failure === undefined ? (data?.status ?? 'UNKNOWN') : 'UNREACHABLE'} />
      </header>
      <ul class="lines">
        {components.map(([name, component]) => (
          <li key={name}>
            <span>{indicator(name)}</span>
            <span class="subtle">{reason(component.details)}</span>
            <Status status={component.status} />
          </li>
        ))}
      </ul>
      {failure !== undefined && <p class="subtle">Health could not be read: {failure}.</p>}
    </section>
  );
}

/** The part of an indicator's details that a person reads first. */
function reason(details: Readonly<Record<string, unknown>> | undefined): string {
  const text = details?.error ?? details?.reason ?? details?.state;
  return typeof text === 'string' ? text : '';
}

function Outcomes({ traffic: seen }: { readonly traffic: Traffic }): JSX.Element {
  const outcomes = outcomesOfLastMinute(seen);
  const total = outcomes.reduce((sum, [, requests]) => sum + requests, 0);
  return (
    <section class="card">
      <header>
        <h2>Outcomes</h2>
        <span class="subtle">last minute</span>
      </header>
      {outcomes.length === 0 && <p class="subtle">No request yet.</p>}
      <ul class="bars">
        {outcomes.map(([outcome, requests]) => (
          <li key={outcome} data-tone={FINE.has(outcome) ? 'good' : 'bad'}>
            <span class="bar" aria-hidden="true" style={{ width: `${(100 * requests) / total}%` }} />
            <Icon name={FINE.has(outcome) ? 'check' : 'cross'} />
            <span>{outcome}</span>
            <span class="numeric subtle">{percent(requests, total)}</span>
            <span class="numeric">{count(requests)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Lists for the charts; a second that is missing becomes a gap, not a slope. */
function series({ history }: Traffic): [traffic: AlignedData, latency: AlignedData] {
  const x: number[] = [];
  const lists: [(number | null)[], (number | null)[], (number | null)[], (number | null)[]] = [[], [], [], []];
  const push = (at: number, ...values: (number | null)[]) => {
    x.push(at / 1000);
    values.forEach((value, index) => lists[index]?.push(value));
  };
  let previous: number | undefined;
  for (const { at, requests, errors, p50Ms, p99Ms } of history) {
    if (previous !== undefined && at - previous > GAP_MS) push(previous + 1000, null, null, null, null);
    push(at, requests, errors, requests > 0 ? p50Ms : null, requests > 0 ? p99Ms : null);
    previous = at;
  }
  const [requests, errors, p50, p99] = lists;
  return [
    [x, requests, errors],
    [x, p50, p99],
  ];
}
