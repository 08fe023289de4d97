import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { place as where, plural, span } from '../model/format.ts';
import { rateOf } from '../model/traffic-history.ts';
import type { RoutesView, RouteView } from '../model/wire.ts';
import { problemsOf } from '../model/problems.ts';
import { routes } from '../state/documents.ts';
import { href, place, rewrite } from '../state/router.ts';
import { useStore } from '../state/store.ts';
import { traffic } from '../state/traffic.ts';
import { Command } from '../view/command.tsx';
import { FilterBox } from '../view/filter-box.tsx';
import { Icon } from '../view/icons.tsx';
import { ProblemList } from '../view/status.tsx';
import { useMedia, VirtualTable } from '../view/virtual-table.tsx';
import { ROUTE_COLUMNS, RouteCells } from './route-cells.tsx';
import { RouteDetails } from './route-details.tsx';

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
  const seen = useStore(traffic);
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
        <details class="card problem-panel" open={!narrow && problems.length <= 3}>
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
            columns={ROUTE_COLUMNS}
            rows={rows}
            rowHeight={narrow ? 64 : 40}
            keyOf={(route) => route.id}
            renderRow={(route) => ({ cells: <RouteCells route={route} rates={rateOf(seen, 'routes', route.id)} /> })}
            onOpen={(route) => show({ open: route.id })}
          />
        ) : (
          <Empty loaded={data !== undefined} />
        )}
        {data && data.routes.length > 0 && rows.length === 0 && (
          <p class="no-match">No route matches. Esc empties the filter.</p>
        )}
        {opened && (
          <RouteDetails route={opened} rates={rateOf(seen, 'routes', opened.id)} onClose={() => show({ open: '' })} />
        )}
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
              {source.commit.includes('+') && ' with edits'}
              {source.ageMs !== undefined && <span class="numeric">, {span(source.ageMs)} old</span>}
            </span>
          )}
          <span class="status" data-tone={live ? 'good' : 'wait'}>
            <Icon name={live ? 'check' : 'warning'} />
            {live ? 'Live' : 'Last good configuration, the config server does not answer'}
          </span>
        </>
      )}
    </p>
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
