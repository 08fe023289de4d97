export { AccessLog } from './access-log.ts';
export { envoyFormat, jsonFormat, type AccessLogFormat, type UnknownOperator } from './access-log-format.ts';
export { liveSecond, type Figures, type LiveSecond } from './live-second.ts';
export { PrometheusMetrics } from './prometheus.ts';
export { RequestCollector, type RequestWindow, type RouteWindow } from './request-window.ts';
