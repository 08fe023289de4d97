import type { JSX } from 'preact';
import { latency, NONE, plural, rate } from '../model/format.ts';
import type { Row, ServiceRow } from '../model/instance-rows.ts';
import { rateOf } from '../model/traffic-history.ts';
import type { InstanceView } from '../model/wire.ts';
import { useStore } from '../state/store.ts';
import { traffic } from '../state/traffic.ts';
import { Icon } from '../view/icons.tsx';
import { Lease, Since } from '../view/lease.tsx';
import { Status } from '../view/status.tsx';
import type { Column, RenderedRow } from '../view/virtual-table.tsx';

/** A change stays highlighted for so long. */
const FRESH_MS = 1500;

export const INSTANCE_COLUMNS: readonly Column[] = [
  { key: 'service', title: 'Service', sortable: true },
  { key: 'instance', title: 'Instance', sortable: true },
  { key: 'status', title: 'Status', sortable: true },
  { key: 'lease', title: 'Lease', sortable: true },
  { key: 'heartbeat', title: 'Heartbeat', sortable: true, numeric: true },
  { key: 'weight', title: 'Weight', sortable: true, numeric: true },
  { key: 'zone', title: 'Zone', sortable: true },
  { key: 'protocol', title: 'Protocol' },
  { key: 'held', title: 'Why held' },
];

function ServiceRate({ name }: { readonly name: string }): JSX.Element | null {
  const rates = rateOf(useStore(traffic), 'services', name);
  if (!rates) return null;
  return (
    <span class="service-rate numeric">
      <span>{rate(rates.perSecond)} req/s</span>
      <span>{rate(rates.errorsPerSecond)} errors/s</span>
      <span>p99 {latency(rates.p99Ms)}</span>
    </span>
  );
}

export function ServiceHead({ row }: { readonly row: ServiceRow }): JSX.Element {
  const whole = row.up === row.total;
  return (
    <span class="service-head" role="gridcell" aria-colspan={INSTANCE_COLUMNS.length}>
      <Icon name={row.expanded ? 'unfolded' : 'folded'} />
      <strong>{row.name}</strong>
      <span class="service-count" data-tone={whole ? 'good' : row.up === 0 ? 'bad' : 'wait'}>
        {!whole && <Icon name="warning" />}
        {whole ? `${plural(row.total, 'instance')} up` : `${row.up} of ${row.total} up`}
      </span>
      <ServiceRate name={row.name} />
    </span>
  );
}

export function renderInstanceRow(row: Row, flat: boolean): RenderedRow {
  if (row.kind === 'service') {
    return { class: 'is-service', level: 1, expanded: row.expanded, cells: <ServiceHead row={row} /> };
  }
  const { view, changedAt } = row.entry;
  const fresh = changedAt > 0 && Date.now() - changedAt < FRESH_MS;
  return { class: fresh ? 'is-fresh' : '', level: flat ? 1 : 2, cells: <InstanceCells view={view} flat={flat} /> };
}

function InstanceCells({ view, flat }: { readonly view: InstanceView; readonly flat: boolean }): JSX.Element {
  return (
    <>
      <span role="gridcell" data-column="service">
        {flat ? (
          view.service
        ) : (
          <>
            <span class="unseen">{view.service} </span>
            <code class="subtle" title={view.id}>
              {view.id}
            </code>
          </>
        )}
      </span>
      <span role="gridcell" data-column="instance" title={view.id}>
        <span class="address">
          {view.host}:{view.port}
        </span>
      </span>
      <span role="gridcell" data-column="status">
        <Status status={view.status} />
      </span>
      <span role="gridcell" data-column="lease">
        <Lease instance={view} />
      </span>
      <span role="gridcell" data-column="heartbeat" class="numeric">
        <Since at={view.lastRenewalAt} />
      </span>
      <span role="gridcell" data-column="weight" class="numeric">
        {view.weight ?? 1}
        {view.weight === 0 && <span class="subtle"> draining</span>}
      </span>
      <span role="gridcell" data-column="zone">
        {view.zone ?? NONE}
      </span>
      <span role="gridcell" data-column="protocol">
        {view.protocol ?? NONE}
      </span>
      <span role="gridcell" data-column="held" title={view.held ?? ''}>
        {view.held ?? ''}
      </span>
    </>
  );
}
