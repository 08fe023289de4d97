import { isError } from '#kernel';
import { LatencyHistogram } from './latency-histogram.ts';
import type { RequestWindow, RouteWindow } from './request-window.ts';

export interface Figures {
  readonly requests: number;
  readonly errors: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** One second of traffic, as the live view draws it. */
export interface LiveSecond extends Figures {
  /** Epoch milliseconds of its end. */
  readonly at: number;
  readonly inFlight: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly routes: Readonly<Record<string, Figures>>;
  readonly services: Readonly<Record<string, Figures>>;
}

class Sum {
  requests = 0;
  errors = 0;
  readonly latency = new LatencyHistogram();

  add(window: RouteWindow): void {
    for (const [key, count] of Object.entries(window.counts)) {
      this.requests += count;
      if (isError(outcomeOf(key))) this.errors += count;
    }
    this.latency.add(window.latency);
  }

  get figures(): Figures {
    const { requests, errors, latency } = this;
    return { requests, errors, p50Ms: round(latency.quantile(0.5)), p99Ms: round(latency.quantile(0.99)) };
  }
}

/** Adds the windows of all workers up to one second. */
export function liveSecond(windows: readonly RequestWindow[], at: number, inFlight: number): LiveSecond {
  const all = new Sum();
  const routes = new Map<string, Sum>();
  const services = new Map<string, Sum>();
  const outcomes: Record<string, number> = {};
  for (const [route, window] of windows.flatMap((each) => Object.entries(each))) {
    all.add(window);
    sumOf(routes, route).add(window);
    if (window.cluster !== undefined) sumOf(services, window.cluster).add(window);
    for (const [key, count] of Object.entries(window.counts)) {
      const outcome = outcomeOf(key);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
    }
  }
  return { at, inFlight, ...all.figures, outcomes, routes: figuresOf(routes), services: figuresOf(services) };
}

export function outcomeOf(key: string): string {
  return key.slice(key.indexOf(' ') + 1);
}

function sumOf(sums: Map<string, Sum>, name: string): Sum {
  const sum = sums.get(name) ?? new Sum();
  sums.set(name, sum);
  return sum;
}

function figuresOf(sums: ReadonlyMap<string, Sum>): Record<string, Figures> {
  return Object.fromEntries([...sums].map(([name, sum]) => [name, sum.figures]));
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
