import { requestFinished } from '#dataplane';
import {
  liveSecond,
  loadPrometheusMetrics,
  type PrometheusMetrics,
  RequestCollector,
  type RequestWindow,
} from '#telemetry';
import { LiveStream } from './management/live-stream.ts';

/** Sums of all requests, of this process and of workers, for Prometheus and the live view. */
export class TrafficTelemetry {
  readonly live = new LiveStream();
  readonly metrics: PrometheusMetrics;
  readonly #collector = new RequestCollector();
  readonly #inFlight: () => number;
  readonly #timer: NodeJS.Timeout;
  #windows: RequestWindow[] = [];

  static async start(inFlight: () => number, workerRestarts: () => number): Promise<TrafficTelemetry> {
    const Metrics = await loadPrometheusMetrics();
    const metrics = new Metrics({
      cardea_requests_in_flight: { help: 'Requests under way.', read: inFlight },
      cardea_worker_restarts: { help: 'Worker processes that died and were replaced.', read: workerRestarts },
    });
    return new TrafficTelemetry(metrics, inFlight);
  }

  private constructor(metrics: PrometheusMetrics, inFlight: () => number) {
    this.metrics = metrics;
    this.#inFlight = inFlight;
    requestFinished.subscribe(this.#collector.onRequest);
    this.#timer = setInterval(() => this.#endSecond(), 1_000).unref();
  }

  /** Takes what a worker has counted. */
  add(window: RequestWindow): void {
    this.#windows.push(window);
  }

  close(): void {
    clearInterval(this.#timer);
    requestFinished.unsubscribe(this.#collector.onRequest);
  }

  #endSecond(): void {
    const windows = [...this.#windows, this.#collector.take()];
    this.#windows = [];
    for (const window of windows) this.metrics.add(window);
    this.live.push(liveSecond(windows, Date.now(), this.#inFlight()));
  }
}
