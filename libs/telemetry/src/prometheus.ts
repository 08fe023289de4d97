import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { LatencyHistogram } from './latency-histogram.ts';
import { OVERFLOW, type RequestWindow, type RouteWindow } from './request-window.ts';

const MAX_ROUTES = 2_000;

interface Total {
  readonly latency: LatencyHistogram;
  sumMs: number;
}

/** Metrics of the process and of the traffic in Prometheus's text format. Labels: route, method class, outcome. */
export class PrometheusMetrics {
  readonly #registry = new Registry();
  readonly #totals = new Map<string, Total>();
  readonly #requests: Counter<'route' | 'method' | 'outcome'>;
  readonly #attempts: Counter<'route'>;
  readonly #received: Counter<'route'>;
  readonly #sent: Counter<'route'>;

  constructor(gauges: Readonly<Record<string, { readonly help: string; readonly read: () => number }>> = {}) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Counter({
      name: 'cardea_requests_total',
      help: 'Finished requests.',
      labelNames: ['route', 'method', 'outcome'],
      registers,
    });
    const perRoute = (name: string, help: string) => new Counter({ name, help, labelNames: ['route'], registers });
    this.#attempts = perRoute('cardea_upstream_attempts_total', 'Attempts at instances, retries included.');
    this.#received = perRoute('cardea_request_bytes_total', 'Bytes of request bodies.');
    this.#sent = perRoute('cardea_response_bytes_total', 'Bytes of response bodies.');
    for (const [name, { help, read }] of Object.entries(gauges)) {
      const gauge: Gauge = new Gauge({ name, help, registers: [], collect: () => gauge.set(read()) });
      this.#registry.registerMetric(gauge);
    }
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  add(window: RequestWindow): void {
    for (const [id, part] of Object.entries(window)) this.#addRoute(id, part);
  }

  async render(): Promise<string> {
    return `${await this.#registry.metrics()}${this.#durations()}`;
  }

  #addRoute(id: string, part: RouteWindow): void {
    const route = this.#totals.has(id) || this.#totals.size < MAX_ROUTES ? id : OVERFLOW;
    let total = this.#totals.get(route);
    if (total === undefined) {
      total = { latency: new LatencyHistogram(), sumMs: 0 };
      this.#totals.set(route, total);
    }
    total.latency.add(part.latency);
    total.sumMs += part.sumMs;
    for (const [key, count] of Object.entries(part.counts)) {
      const [method = '', outcome = ''] = key.split(' ');
      this.#requests.inc({ route, method, outcome }, count);
    }
    this.#attempts.inc({ route }, part.attempts);
    this.#received.inc({ route }, part.requestBytes);
    this.#sent.inc({ route }, part.responseBytes);
  }

  /** Written here: prom-client's histograms take single values, and ours come counted. */
  #durations(): string {
    const name = 'cardea_request_duration_seconds';
    const lines = [
      `# HELP ${name} Time from the request's first byte to the answer's last.`,
      `# TYPE ${name} histogram`,
    ];
    for (const [route, { latency, sumMs }] of this.#totals) {
      const label = `route="${route.replaceAll(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))}"`;
      for (const [bound, count] of latency.cumulative()) {
        lines.push(`${name}_bucket{${label},le="${bound / 1_000}"} ${count}`);
      }
      lines.push(`${name}_bucket{${label},le="+Inf"} ${latency.total}`);
      lines.push(`${name}_sum{${label}} ${sumMs / 1_000}`, `${name}_count{${label}} ${latency.total}`);
    }
    return `\n${lines.join('\n')}\n`;
  }
}
