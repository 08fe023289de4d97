import type { RequestRecord } from '#dataplane';
import { LatencyHistogram, type SparseCounts } from './latency-histogram.ts';

/** Stands for every route beyond the bound: metrics must not grow with what somebody sends. */
export const OVERFLOW = '(other)';
export const NO_ROUTE = '(none)';
const MAX_ROUTES = 2_000;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Requests of one route within a window. Plain data: worker processes send it to their parent. */
export interface RouteWindow {
  readonly cluster: string | undefined;
  /** By `METHOD outcome`. */
  readonly counts: Readonly<Record<string, number>>;
  readonly latency: SparseCounts;
  readonly sumMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly attempts: number;
}

export type RequestWindow = Readonly<Record<string, RouteWindow>>;

interface OpenWindow {
  cluster: string | undefined;
  readonly counts: Map<string, number>;
  readonly latency: LatencyHistogram;
  sumMs: number;
  requestBytes: number;
  responseBytes: number;
  attempts: number;
}

/** Adds up finished requests until somebody takes the sum. One map look-up and a few additions per request. */
export class RequestCollector {
  #routes = new Map<string, OpenWindow>();

  /** Arrow function: it is given to a diagnostics channel as it is. */
  readonly onRequest = (message: unknown): void => {
    if (isRequestRecord(message)) this.add(message);
  };

  add(record: RequestRecord): void {
    const window = this.#window(record.route ?? NO_ROUTE);
    window.cluster = record.cluster ?? window.cluster;
    const key = `${METHODS.has(record.method) ? record.method : 'other'} ${record.outcome}`;
    window.counts.set(key, (window.counts.get(key) ?? 0) + 1);
    window.latency.record(record.durationMs);
    window.sumMs += record.durationMs;
    window.requestBytes += record.requestBytes;
    window.responseBytes += record.responseBytes;
    window.attempts += record.attempts.length;
  }

  /** The window so far; a new one begins. */
  take(): RequestWindow {
    const taken = this.#routes;
    this.#routes = new Map();
    return Object.fromEntries(
      [...taken].map(([route, window]) => [
        route,
        { ...window, counts: Object.fromEntries(window.counts), latency: window.latency.toSparse() },
      ]),
    );
  }

  #window(route: string): OpenWindow {
    const known = this.#routes.get(route);
    if (known !== undefined) return known;
    if (this.#routes.size >= MAX_ROUTES && route !== OVERFLOW) return this.#window(OVERFLOW);
    const window: OpenWindow = {
      cluster: undefined,
      counts: new Map(),
      latency: new LatencyHistogram(),
      sumMs: 0,
      requestBytes: 0,
      responseBytes: 0,
      attempts: 0,
    };
    this.#routes.set(route, window);
    return window;
  }
}

export function isRequestRecord(message: unknown): message is RequestRecord {
  return typeof message === 'object' && message !== null && 'outcome' in message;
}
