import { compileFilter, type StatusChoice } from './instance-filter.ts';
import type { Entry } from './instance-set.ts';

export interface ServiceRow {
  readonly kind: 'service';
  readonly key: string;
  readonly name: string;
  up: number;
  total: number;
  readonly expanded: boolean;
}

export interface InstanceRow {
  readonly kind: 'instance';
  readonly key: string;
  readonly entry: Entry;
}

export type Row = ServiceRow | InstanceRow;

export const SORT_COLUMNS = ['service', 'instance', 'status', 'lease', 'heartbeat', 'weight', 'zone'] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

export interface Sort {
  readonly column: SortColumn;
  readonly descending: boolean;
}

export interface Arrangement {
  readonly rows: readonly Row[];
  /** Instances that match, those in folded services included. */
  readonly matches: number;
  readonly services: number;
}

export interface ArrangeOptions {
  readonly query: string;
  readonly status: StatusChoice;
  readonly sort: Sort;
  readonly folded: ReadonlySet<string>;
}

const COMPARED: Readonly<Record<Exclude<SortColumn, 'service'>, (entry: Entry) => string | number>> = {
  instance: ({ view }) => `${view.host}:${String(view.port).padStart(5, '0')}`,
  status: ({ view }) => `${view.status === 'UP' ? 1 : 0}${view.status}${view.held ? 0 : 1}`,
  lease: ({ view }) => view.expiresAt ?? Number.MAX_SAFE_INTEGER,
  heartbeat: ({ view }) => view.lastRenewalAt ?? 0,
  weight: ({ view }) => view.weight ?? 1,
  zone: ({ view }) => view.zone ?? '',
};

/** Filters, sorts and groups. Sorted by service the rows are a tree; by anything else, a plain list. */
export function arrange(entries: readonly Entry[], { query, status, sort, folded }: ArrangeOptions): Arrangement {
  const matching = entries.filter(compileFilter(query, status));
  if (sort.column === 'service') return group(matching, folded, sort.descending);
  const compared = COMPARED[sort.column];
  const sorted = matching
    .map((entry) => ({ entry, value: compared(entry) }))
    .sort((a, b) => (a.value < b.value ? -1 : Number(a.value > b.value)));
  if (sort.descending) sorted.reverse();
  return {
    rows: sorted.map(({ entry }) => ({ kind: 'instance', key: entry.key, entry })),
    matches: matching.length,
    services: new Set(matching.map(({ view }) => view.service.toLowerCase())).size,
  };
}

/** `matching` comes sorted by service. */
function group(matching: readonly Entry[], folded: ReadonlySet<string>, descending: boolean): Arrangement {
  const groups: { head: ServiceRow; rows: InstanceRow[] }[] = [];
  let current: { head: ServiceRow; rows: InstanceRow[] } | undefined;
  for (const entry of matching) {
    const key = entry.view.service.toLowerCase();
    if (current?.head.key !== key) {
      const head: ServiceRow = {
        kind: 'service',
        key,
        name: entry.view.service,
        up: 0,
        total: 0,
        expanded: !folded.has(key),
      };
      current = { head, rows: [] };
      groups.push(current);
    }
    current.head.total += 1;
    if (entry.view.status === 'UP') current.head.up += 1;
    if (current.head.expanded) current.rows.push({ kind: 'instance', key: entry.key, entry });
  }
  if (descending) groups.reverse();
  const rows: Row[] = [];
  for (const { head, rows: members } of groups) {
    rows.push(head);
    for (const member of members) rows.push(member);
  }
  return { rows, matches: matching.length, services: groups.length };
}

/** The service row above `index`, to be pinned while its instances scroll by. */
export function headOf(rows: readonly Row[], index: number): ServiceRow | undefined {
  for (let at = Math.min(index, rows.length - 1); at >= 0; at--) {
    const row = rows[at];
    if (row?.kind === 'service') return row;
  }
  return undefined;
}
