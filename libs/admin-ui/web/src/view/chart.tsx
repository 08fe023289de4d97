import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { HISTORY_SECONDS } from '../model/traffic-history.ts';
import { palette } from '../state/theme.ts';
import { useStore } from '../state/store.ts';

export interface Line {
  readonly title: string;
  /** CSS variable that holds the colour. */
  readonly colour: string;
  readonly dashed?: boolean;
}

export interface ChartProps {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Seconds since the epoch, then one list per line. */
  readonly data: UPlot.AlignedData;
  /** Also labels the axis and the values under the pointer. */
  readonly format: (value: number) => string;
  /** The axis reaches at least so far, so that noise around zero looks like noise. */
  readonly least: number;
}

const HEIGHT = 208;

/** The last five minutes, the newest at the right edge. Lines differ by dash as well as by colour. */
export function Chart({ title, lines, data, format, least }: ChartProps): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  const colours = useStore(palette);
  const [pointed, point] = useState<number>();

  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const created = new UPlot(options(element, lines, format, least, point), data, element);
    plot.current = created;
    const observer = new ResizeObserver(() => created.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      created.destroy();
    };
  }, [colours]);

  useEffect(() => plot.current?.setData(data), [data]);

  const latest = lines.map((line, index) => {
    const value = data[index + 1]?.at(pointed ?? -1);
    return [line, value === null || value === undefined ? '–' : format(value)] as const;
  });
  const at = pointed === undefined ? undefined : data[0]?.[pointed];
  return (
    <section class="card chart" aria-label={title}>
      <header>
        <h2>
          {title} {at && <span class="subtle numeric">at {clock(at, true)}</span>}
        </h2>
        <ul class="legend">
          {latest.map(([line, value]) => (
            <li key={line.title}>
              <svg viewBox="0 0 20 4" aria-hidden="true" class={line.dashed ? 'dashed' : ''}>
                <path d="M0 2h20" style={{ stroke: `var(${line.colour})` }} />
              </svg>
              {line.title} <strong class="numeric">{value}</strong>
            </li>
          ))}
        </ul>
      </header>
      <div ref={frame} class="plot" aria-hidden="true" />
    </section>
  );
}

function options(
  element: HTMLElement,
  lines: readonly Line[],
  format: (value: number) => string,
  least: number,
  point: (index: number | undefined) => void,
): UPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--ink-2'),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [12, 8, 0, 0],
    legend: { show: false },
    hooks: { setCursor: [(plot) => point(plot.cursor.idx ?? undefined)] },
    cursor: { y: false, points: { size: 6 } },
    scales: {
      x: { range: () => [Date.now() / 1000 - HISTORY_SECONDS, Date.now() / 1000] },
      y: { range: (_plot, _min, max) => [0, Math.max(least, (max ?? 0) * 1.15)] },
    },
    axes: [
      { ...axis, size: 32, space: 72, values: (_plot, splits) => splits.map((at) => clock(at)) },
      { ...axis, size: 56, space: 40, values: (_plot, splits) => splits.map(format) },
    ],
    series: [
      {},
      ...lines.map((line, index): UPlot.Series => {
        const stroke = colour(line.colour);
        return {
          label: line.title,
          stroke,
          width: 2,
          points: { show: false },
          ...(line.dashed ? { dash: [6, 4] } : {}),
          ...(index === 0 ? { fill: `color-mix(in srgb, ${stroke} 14%, transparent)` } : {}),
        };
      }),
    ],
  };
}

function clock(at: number, seconds = false): string {
  const text = new Date(at * 1000).toLocaleTimeString('en-GB');
  return seconds ? text : text.slice(0, 5);
}
