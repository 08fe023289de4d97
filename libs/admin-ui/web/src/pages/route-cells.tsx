import type { ComponentChildren, JSX } from 'preact';
import { latency, NONE, place as where, rate } from '../model/format.ts';
import type { Rate } from '../model/traffic-history.ts';
import type { RouteView } from '../model/wire.ts';
import { Icon } from '../view/icons.tsx';
import type { Column } from '../view/virtual-table.tsx';

export const ROUTE_COLUMNS: readonly Column[] = [
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

/** Short names, as people say them. */
const DIALECTS: Readonly<Record<string, string>> = { 'spring-cloud-gateway': 'Spring', zuul: 'Zuul' };

export interface RouteProps {
  readonly route: RouteView;
  readonly rates: Rate | undefined;
}

export function RouteCells({ route, rates }: RouteProps): JSX.Element {
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
    ['dialect', DIALECTS[route.dialect] ?? route.dialect, route.dialect],
    ['source', <code>{fileName(where(route.location)) || NONE}</code>, where(route.location)],
    ['rate', rate(rates?.perSecond ?? 0)],
    ['errors', rate(rates?.errorsPerSecond ?? 0)],
    ['p99', latency(rates?.p99Ms)],
  ];
  const numeric = new Set(ROUTE_COLUMNS.filter((column) => column.numeric).map(({ key }) => key));
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

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
