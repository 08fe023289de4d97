import type { JSX } from 'preact';
import { latency, place as where, rate } from '../model/format.ts';
import { Drawer, Facts } from '../view/drawer.tsx';
import { ProblemList } from '../view/status.tsx';
import type { RouteProps } from './route-cells.tsx';

export function RouteDetails({ route, rates, onClose }: RouteProps & { readonly onClose: () => void }): JSX.Element {
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
