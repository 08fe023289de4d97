import { requestFinished } from '#dataplane';
import { CardeaError } from '#kernel';
import {
  AccessLog,
  envoyFormat,
  jsonFormat,
  liveSecond,
  PrometheusMetrics,
  RequestCollector,
  type RequestWindow,
} from '#telemetry';
import { LiveStream } from './management/live-stream.ts';

export interface AccessLogSettings {
  /** `off`, `stdout` or a file. */
  readonly accessLog: string;
  readonly accessLogFormat: string;
}

/** Refuses a format with something that would be written as `-` in every line. */
export function checkAccessLog({ accessLog, accessLogFormat }: AccessLogSettings): void {
  if (accessLog === 'off' || accessLogFormat === 'json') return;
  const { unknown } = envoyFormat(accessLogFormat);
  if (unknown.length === 0) return;
  const faults = unknown.map(
    ({ operator, position, remedy }) =>
      `cardea.access-log.format: "${operator}" at character ${position} is not known; ${remedy}`,
  );
  throw new CardeaError('bad-setting', faults.join('\n'), { source: 'downstream' });
}

/** Writes the requests of this process to the access log, if there is one. Answers how to stop. */
export function startAccessLog({ accessLog, accessLogFormat }: AccessLogSettings): () => Promise<void> {
  if (accessLog === 'off') return async () => undefined;
  const format = accessLogFormat === 'json' ? jsonFormat : envoyFormat(accessLogFormat).format;
  const log = new AccessLog(accessLog === 'stdout' ? 'stdout' : { file: accessLog }, format);
  requestFinished.subscribe(log.onRequest);
  return async () => {
    requestFinished.unsubscribe(log.onRequest);
    await log.close();
  };
}

/** Sums of all requests, of this process and of workers, for Prometheus and the live view. */
export class TrafficTelemetry {
  readonly live = new LiveStream();
  readonly metrics: PrometheusMetrics;
  readonly #collector = new RequestCollector();
  readonly #inFlight: () => number;
  readonly #timer: NodeJS.Timeout;
  #windows: RequestWindow[] = [];

  constructor(inFlight: () => number, workerRestarts: () => number) {
    this.#inFlight = inFlight;
    this.metrics = new PrometheusMetrics({
      cardea_requests_in_flight: { help: 'Requests under way.', read: inFlight },
      cardea_worker_restarts: { help: 'Worker processes that died and were replaced.', read: workerRestarts },
    });
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
