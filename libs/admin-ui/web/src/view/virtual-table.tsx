import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { scrollTopShowing, visibleRange } from '../model/visible-range.ts';
import { Icon } from './icons.tsx';

export interface Column {
  readonly key: string;
  readonly title: string;
  readonly numeric?: boolean;
  readonly sortable?: boolean;
}

export interface RenderedRow {
  readonly class?: string;
  /** Of a tree: depth from 1, and whether its children show. */
  readonly level?: number;
  readonly expanded?: boolean;
  readonly cells: ComponentChildren;
}

export interface TableProps<R> {
  readonly label: string;
  /** Names the CSS class that lays out the columns. */
  readonly name: string;
  readonly tree?: boolean;
  readonly columns: readonly Column[];
  readonly rows: readonly R[];
  readonly rowHeight: number;
  readonly keyOf: (row: R) => string;
  readonly renderRow: (row: R) => RenderedRow;
  readonly onOpen: (row: R) => void;
  /** The rows in the document, whenever they change. */
  readonly onVisible?: (rows: readonly R[]) => void;
  /** Arrow right and left on a row of a tree. */
  readonly onFold?: (row: R, folded: boolean) => void;
  readonly sort?: { readonly column: string; readonly descending: boolean };
  readonly onSort?: (column: string) => void;
  /** What stays under the header while row `first` is the topmost. */
  readonly pinned?: (first: number) => ComponentChildren;
}

/** Of what is pinned, in CSS pixels; the style sheet says the same. */
const PINNED_HEIGHT = 40;

/**
 * A grid that keeps only the visible rows in the document, so that 20,000 cost what 40 do. The table has the focus and
 * tells which row is active; the active row is remembered by key, so that live changes do not move it.
 */
export function VirtualTable<R>(props: TableProps<R>): JSX.Element {
  const { rows, rowHeight, keyOf } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const [active, setActive] = useState<{ key: string; index: number }>();
  const headHeight = useHeadHeight(scroller, (height) =>
    setView((old) => (old.height === height ? old : { ...old, height })),
  );

  const [first, end] = visibleRange(view.top, view.height, rowHeight, rows.length);
  useEffect(() => props.onVisible?.(rows.slice(first, end)), [rows, first, end]);
  const activeIndex = locate(rows, keyOf, active);
  const rowId = (index: number) => `${props.name}-row-${index}`;

  const activate = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (row === undefined || !scroller.current) return;
    const at = rows.indexOf(row);
    setActive({ key: keyOf(row), index: at });
    const covered = props.pinned ? PINNED_HEIGHT : 0;
    scroller.current.scrollTop = scrollTopShowing(at, scroller.current.scrollTop, view.height, rowHeight, covered);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== scroller.current) return;
    const row = rows[activeIndex];
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 1);
    const moves: Record<string, () => void> = {
      ArrowDown: () => activate(activeIndex + 1),
      ArrowUp: () => activate(Math.max(0, activeIndex - 1)),
      PageDown: () => activate(activeIndex + page),
      PageUp: () => activate(activeIndex - page),
      Home: () => activate(0),
      End: () => activate(rows.length - 1),
      ArrowRight: () => row !== undefined && props.onFold?.(row, false),
      ArrowLeft: () => row !== undefined && props.onFold?.(row, true),
      Enter: () => row !== undefined && props.onOpen(row),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };

  return (
    <div
      ref={scroller}
      class={`table ${props.name}`}
      role={props.tree ? 'treegrid' : 'grid'}
      aria-label={props.label}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={activeIndex >= first && activeIndex < end ? rowId(activeIndex) : undefined}
      tabIndex={0}
      data-table
      onKeyDown={onKeyDown}
      onFocus={() => activeIndex < 0 && activate(Math.floor(view.top / rowHeight))}
      onScroll={(event) => setView({ top: event.currentTarget.scrollTop, height: view.height })}
    >
      <Head {...props} />
      {view.top > 0 && props.pinned && (
        <div class="table-pinned" style={{ top: `${headHeight}px` }} aria-hidden="true">
          {props.pinned(Math.floor(view.top / rowHeight))}
        </div>
      )}
      <div class="table-body" role="rowgroup" style={{ height: `${rows.length * rowHeight}px` }}>
        <div role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
          {rows.slice(first, end).map((row, offset) => {
            const index = first + offset;
            const rendered = props.renderRow(row);
            return (
              <div
                key={keyOf(row)}
                id={rowId(index)}
                role="row"
                class={`table-row ${rendered.class ?? ''}`}
                style={{ height: `${rowHeight}px` }}
                aria-rowindex={index + 2}
                aria-level={props.tree ? rendered.level : undefined}
                aria-expanded={rendered.expanded}
                aria-selected={index === activeIndex}
                onClick={() => {
                  setActive({ key: keyOf(row), index });
                  props.onOpen(row);
                }}
              >
                {rendered.cells}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Head<R>({ columns, sort, onSort }: TableProps<R>): JSX.Element {
  return (
    <div class="table-head" role="row" aria-rowindex={1}>
      {columns.map(({ key, title, numeric, sortable }) => {
        const sorted = sort?.column === key;
        const direction = sorted && sort.descending ? 'descending' : 'ascending';
        return (
          <span
            key={key}
            role="columnheader"
            class={numeric ? 'numeric' : ''}
            data-column={key}
            aria-sort={sortable ? (sorted ? direction : 'none') : undefined}
          >
            {sortable ? (
              <button type="button" onClick={() => onSort?.(key)}>
                {title}
                {sorted && <Icon name={direction} />}
              </button>
            ) : (
              title
            )}
          </span>
        );
      })}
    </div>
  );
}

function locate<R>(rows: readonly R[], keyOf: (row: R) => string, active?: { key: string; index: number }): number {
  if (!active) return -1;
  const there = rows[active.index];
  if (there !== undefined && keyOf(there) === active.key) return active.index;
  const found = rows.findIndex((row) => keyOf(row) === active.key);
  return found >= 0 ? found : Math.min(active.index, rows.length - 1);
}

/** Reports the height left for rows whenever it changes; answers the height of the header. */
function useHeadHeight(scroller: { readonly current: HTMLDivElement | null }, report: (rows: number) => void): number {
  const [headHeight, setHeadHeight] = useState(40);
  const latest = useRef(report);
  latest.current = report;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      const head = element.firstElementChild?.clientHeight ?? 0;
      setHeadHeight(head);
      latest.current(element.clientHeight - head);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
  return headHeight;
}

/** Moves the focus to the table of the page. */
export function focusTable(): void {
  document.querySelector<HTMLElement>('[data-table]')?.focus();
}

/** True while the query matches. */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const update = () => setMatches(list.matches);
    list.addEventListener('change', update);
    return () => list.removeEventListener('change', update);
  }, [query]);
  return matches;
}
