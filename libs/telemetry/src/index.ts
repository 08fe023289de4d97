import type { PrometheusMetrics } from './prometheus.ts';

export { AccessLog } from './access-log.ts';
export { envoyFormat, jsonFormat, type AccessLogFormat, type UnknownOperator } from './access-log-format.ts';
export {
  type JournalForm,
  JournalWriter,
  type JournalWriterOptions,
  ProcessJournal,
  recordOpenListeners,
} from './journal-writer.ts';
export { liveSecond, type Figures, type LiveSecond } from './live-second.ts';
export { RequestCollector, type RequestWindow, type RouteWindow } from './request-window.ts';
export type { PrometheusMetrics };

/** Prometheus is loaded by the process that is asked for metrics: workers only count. */
export async function loadPrometheusMetrics(): Promise<typeof PrometheusMetrics> {
  return (await import('./prometheus.ts')).PrometheusMetrics;
}
