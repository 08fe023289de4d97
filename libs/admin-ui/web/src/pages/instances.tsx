import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { count, plural } from '../model/format.ts';
import { countChoices, STATUS_CHOICES, type StatusChoice } from '../model/instance-filter.ts';
import { arrange, headOf, type Arrangement, type Row, type Sort, SORT_COLUMNS } from '../model/instance-rows.ts';
import { instances, registryRevision, registryStream } from '../state/registry.ts';
import { LeaseRefresh } from '../state/lease-refresh.ts';
import { href, place, rewrite } from '../state/router.ts';
import { useStore } from '../state/store.ts';
import { Command, registryUrl } from '../view/command.tsx';
import { FilterBox } from '../view/filter-box.tsx';
import { useMedia, VirtualTable } from '../view/virtual-table.tsx';
import { InstanceDetails } from './instance-details.tsx';
import { INSTANCE_COLUMNS, renderInstanceRow, ServiceHead } from './instance-cells.tsx';

const BY_SERVICE: Sort = { column: 'service', descending: false };

export function InstancesPage(): JSX.Element {
  const { query } = useStore(place);
  const { loaded, revision } = useStore(registryRevision);
  const [sort, setSort] = useState(BY_SERVICE);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const narrow = useMedia('(max-width: 720px)');
  useEffect(() => registryStream.acquire(), []);
  const refresh = useRef(new LeaseRefresh());
  useEffect(() => refresh.current.start(), []);

  const text = query.get('q') ?? '';
  const status = STATUS_CHOICES.find(([choice]) => choice === query.get('status'))?.[0] ?? 'all';
  const open = query.get('open') ?? '';
  const show = (change: { q?: string; status?: string; open?: string }) =>
    rewrite(href('services', { q: text, status: status === 'all' ? '' : status, open, ...change }));

  const arranged = useMemo(
    () => arrange(instances.sorted(), { query: text, status, sort, folded }),
    [revision, text, status, sort, folded],
  );
  const counts = useMemo(() => countChoices(instances.sorted(), text), [revision, text]);
  const fold = (row: Row, fold: boolean) => {
    const key = row.kind === 'service' ? row.key : row.entry.view.service.toLowerCase();
    const next = new Set(folded);
    if (fold) next.add(key);
    else next.delete(key);
    setFolded(next);
  };
  const sortBy = (key: string) => {
    const column = SORT_COLUMNS.find((candidate) => candidate === key) ?? 'service';
    setSort({ column, descending: sort.column === column && !sort.descending });
  };

  const total = instances.sorted().length;
  return (
    <div class="page with-table">
      <header class="page-head">
        <h1>Services</h1>
        <Counted arranged={arranged} total={total} />
        <FilterBox
          label="Filter instances"
          placeholder="orders zone:eu-1 version:2"
          value={text}
          onInput={(q) => show({ q })}
        />
        <StatusFilter
          counts={counts}
          chosen={status}
          onChoose={(choice) => show({ status: choice === 'all' ? '' : choice })}
        />
      </header>
      <div class="beside">
        {total === 0 ? (
          <Empty loaded={loaded} />
        ) : (
          <VirtualTable
            name="instances"
            label="Service instances"
            tree
            columns={INSTANCE_COLUMNS}
            rows={arranged.rows}
            rowHeight={narrow ? 64 : 40}
            keyOf={(row) => row.key}
            renderRow={(row) => renderInstanceRow(row, sort.column !== 'service')}
            onOpen={(row) => (row.kind === 'service' ? fold(row, row.expanded) : show({ open: row.key }))}
            onVisible={(rows) =>
              refresh.current.watch(rows.flatMap((row) => (row.kind === 'instance' ? [row.entry] : [])))
            }
            onFold={fold}
            sort={sort}
            onSort={sortBy}
            pinned={(first) => {
              const head = sort.column === 'service' ? headOf(arranged.rows, first) : undefined;
              return head && <ServiceHead row={head} />;
            }}
          />
        )}
        {total > 0 && arranged.matches === 0 && <p class="no-match">No instance matches. Esc empties the filter.</p>}
        {open !== '' && <InstanceDetails key={open} open={open} onClose={() => show({ open: '' })} />}
      </div>
    </div>
  );
}

function Counted({ arranged, total }: { readonly arranged: Arrangement; readonly total: number }): JSX.Element {
  const { matches, services } = arranged;
  return (
    <p class="subtle numeric" role="status">
      {matches === total ? plural(total, 'instance') : `${count(matches)} of ${plural(total, 'instance')}`} in{' '}
      {plural(services, 'service')}
    </p>
  );
}

interface StatusFilterProps {
  readonly counts: Readonly<Record<StatusChoice, number>>;
  readonly chosen: StatusChoice;
  readonly onChoose: (choice: StatusChoice) => void;
}

function StatusFilter({ counts, chosen, onChoose }: StatusFilterProps): JSX.Element {
  return (
    <fieldset class="choices">
      <legend class="unseen">Status</legend>
      {STATUS_CHOICES.map(([choice, title]) => (
        <label key={choice}>
          <input type="radio" name="status" checked={choice === chosen} onChange={() => onChoose(choice)} />
          <span>
            {title} <span class="numeric">{count(counts[choice])}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Empty({ loaded }: { readonly loaded: boolean }): JSX.Element {
  if (!loaded) return <p class="empty subtle">Waiting for the registry …</p>;
  const command = [
    `curl -X POST ${registryUrl('services/orders/instances')} \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '{"host":"127.0.0.1","port":8081,"ttl":"30s"}'`,
  ].join('\n');
  return (
    <div class="empty">
      <h2>No instance has registered yet</h2>
      <p>Any service can, with one request. Paste this into a terminal and watch this page:</p>
      <Command text={command} label="Command that registers an instance" />
      <p class="subtle">
        It stays for 30 seconds and then expires, unless it sends heartbeats. Eureka clients register too.
      </p>
    </div>
  );
}
