import type { ComponentChildren, JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { latency, NONE, place as where, plural, rate, span } from '../model/format.ts';
import type { RoutesView, RouteView } from '../model/wire.ts';
import { problemsOf, routes } from '../state/documents.ts';
import { href, place, rewrite } from '../state/router.ts';
import { useStore } from '../state/store.ts';
import { routeTraffic, traffic, type RouteTraffic } from '../state/traffic.ts';
import { Command } from '../view/command.tsx';
import { Drawer, Facts } from '../view/drawer.tsx';
import { FilterBox } from '../view/filter-box.tsx';
import { Icon } from '../view/icons.tsx';
import { ProblemList } from '../view/status.tsx';
import { useMedia, VirtualTable, type Column } from '../view/virtual-table.tsx';

const COLUMNS: readonly Column[] = [
  { key: 'order', title: 'Order', numeric: true },
  { key: 'id', title: 'Route' },
  { key: 'predicate', title: 'Matches' },
  { key: 'target', title: 'Goes to' },
  { key: 'filters', title: 'Filters' },
  { key: 'dialect', title: 'Dialect' },
  { key: 'source', title: 'Source' },
  { key: 'rate', title: 'Req/s', numeric: true },
  { key: 'errors', title: 'Errors/s', numeric: true },
  { key: 'p99', title: 'p99', numeric: true },
];

const EXAMPLE = `spring:
  cloud:
    gateway:
      routes:
        - id: orders
          uri: lb://orders
          predicates:
            - Path=/orders/**`;

export function RoutesPage(): JSX.Element {
  const { data, failure } = useStore(routes.state);
  const { query } = useStore(place);
  const rates = routeTraffic(useStore(traffic));
  const narrow = useMedia('(max-width: 720px)');
  const text = query.get('q') ?? '';
  const open = query.get('open') ?? '';
  const show = (change: { q?: string; open?: string }) => rewrite(href('routes', { q: text, open, ...change }));
  const rows = useMemo(() => matching(data, text), [data, text]);
  const problems = useMemo(() => problemsOf(data), [data]);
  const opened = data?.routes.find(({ id }) => id === open);
  return (
    <div class="page with-table">
      <header class="page-head">
        <h1>Routes</h1>
        <Source view={data} failure={failure} />
        <FilterBox
          label="Filter routes"
          placeholder="path, service, filter, file"
          value={text}
          onInput={(q) => show({ q })}
        />
      </header>
      {problems.length > 0 && (
        <details class="card problem-panel" open={problems.length <= 3}>
          <summary>
            <Icon name="warning" /> {plural(problems.length, 'problem')} in the configuration
          </summary>
          <ProblemList problems={problems} />
        </details>
      )}
      <div class="beside">
        {data && data.routes.length > 0 ? (
          <VirtualTable
            name="routes"
            label="Routes, in the order they are tried"
            columns={COLUMNS}
            rows={rows}
            rowHeight={narrow ? 64 : 40}
            keyOf={(route) => route.id}
            renderRow={(route) => ({ cells: <RouteCells route={route} rates={rates.get(route.id)} /> })}
            onOpen={(route) => show({ open: route.id })}
          />
        ) : (
          <Empty loaded={data !== undefined} />
        )}
        {data && data.routes.length > 0 && rows.length === 0 && (
          <p class="no-match">No route matches. Esc empties the filter.</p>
        )}
        {opened && <RouteDetails route={opened} rates={rates.get(opened.id)} onClose={() => show({ open: '' })} />}
      </div>
    </div>
  );
}

function matching(view: RoutesView | undefined, text: string): readonly RouteView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (view?.routes ?? []).filter((route) => {
    const { id, predicate, target, filters, dialect, location } = route;
    const haystack = [id, predicate, target, ...filters, dialect, where(location)].join(' ').toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}

function Source({
  view,
  failure,
}: {
  readonly view: RoutesView | undefined;
  readonly failure: string | undefined;
}): JSX.Element {
  const source = view?.configSource;
  if (!view)
    return <p class="subtle">{failure === undefined ? 'Reading …' : `Routes could not be read: ${failure}`}</p>;
  const live = source?.state === 'live';
  return (
    <p class="subtle source" role="status">
      <span class="numeric">{plural(view.routes.length, 'route')}</span>
      {source && (
        <>
          {source.commit && (
            <span>
              commit <code title={source.commit}>{source.commit.slice(0, 10)}</code>
            </span>
          )}
          <span class="status" data-tone={live ? 'good' : 'wait'}>
            <Icon name={live ? 'check' : 'warning'} />
            {live ? 'Live' : 'Last good configuration, the config server does not answer'}
          </span>
          {source.ageMs !== undefined && <span class="numeric">{span(source.ageMs)} old</span>}
        </>
      )}
    </p>
  );
}

interface RouteProps {
  readonly route: RouteView;
  readonly rates: RouteTraffic | undefined;
}

function RouteCells({ route, rates }: RouteProps): JSX.Element {
  const broken = (route.problems ?? []).some(({ severity }) => severity === 'error');
  const marked = (route.problems ?? []).length > 0;
  const cells: readonly (readonly [string, ComponentChildren, string?])[] = [
    ['order', route.order],
    [
      'id',
      <>
        {marked && (
          <span class="route-mark" data-tone={broken ? 'bad' : 'wait'}>
            <Icon name={broken ? 'error' : 'warning'} />
            <span class="unseen">{broken ? 'error' : 'warning'}</span>
          </span>
        )}
        {route.id}
      </>,
      route.id,
    ],
    ['predicate', <code>{route.predicate}</code>, route.predicate],
    ['target', <code>{route.target}</code>, route.target],
    ['filters', route.filters.join(', ') || NONE, route.filters.join('\n')],
    ['dialect', route.dialect],
    ['source', <code>{where(route.location) || NONE}</code>, where(route.location)],
    ['rate', rate(rates?.perSecond ?? 0)],
    ['errors', rate(rates?.errorsPerSecond ?? 0)],
    ['p99', latency(rates?.p99Ms)],
  ];
  const numeric = new Set(COLUMNS.filter((column) => column.numeric).map(({ key }) => key));
  return (
    <>
      {cells.map(([key, content, title]) => (
        <span key={key} role="gridcell" data-column={key} class={numeric.has(key) ? 'numeric' : ''} title={title}>
          {content}
        </span>
      ))}
    </>
  );
}

function RouteDetails({ route, rates, onClose }: RouteProps & { readonly onClose: () => void }): JSX.Element {
  return (
    <Drawer title={route.id} subtitle={`${route.dialect} route, order ${route.order}`} onClose={onClose}>
      {route.problems && route.problems.length > 0 && <ProblemList problems={route.problems} />}
      <Facts
        facts={[
          ['Matches', <code>{route.predicate}</code>],
          ['Goes to', <code>{route.target}</code>],
          ['Written in', route.location && <code>{where(route.location)}</code>],
          ['Requests/s', rate(rates?.perSecond ?? 0)],
          ['Errors/s', rate(rates?.errorsPerSecond ?? 0)],
          ['p99', latency(rates?.p99Ms)],
        ]}
      />
      <h3>Filters, in order</h3>
      {route.filters.length === 0 && <p class="subtle">None: requests are forwarded as they come.</p>}
      <ol class="filters">
        {route.filters.map((filter, index) => (
          <li key={`${index} ${filter}`}>
            <code>{filter}</code>
          </li>
        ))}
      </ol>
    </Drawer>
  );
}

function Empty({ loaded }: { readonly loaded: boolean }): JSX.Element {
  if (!loaded) return <p class="empty subtle">Waiting for the gateway …</p>;
  return (
    <div class="empty">
      <h2>No route is configured</h2>
      <p>
        Write one into <code>gateway.yml</code> of the configuration repository and commit it; it is live a second
        later.
      </p>
      <Command text={EXAMPLE} label="Example of a route" />
      <p class="subtle">Routes of Zuul, under zuul.routes, work as well.</p>
    </div>
  );
}
