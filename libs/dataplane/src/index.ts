export {
  breakerChanged,
  connectionChanged,
  endpointEjected,
  requestFinished,
  type AttemptRecord,
  type BreakerRecord,
  type ConnectionRecord,
  type EjectionRecord,
  type RequestRecord,
} from './events.ts';
export type { FilteredRequest, FilteredResponse, HeaderLines } from './message/filtered-message.ts';
export { compileRouter } from './match/index.ts';
export { compileFilters, compileProblem } from './filters/index.ts';
export { DataPlane, type PlaneListener, type PlaneResult } from './data-plane.ts';
export type { ListenerOptions } from './listener.ts';
export type { ServerIdentity } from './tls-identities.ts';
export type { AskedRequest } from './explain/asked-request.ts';
export { explainRequest, type RequestExplanation, type RouteVerdict } from './explain/explain-request.ts';
export { mergeClusterViews, type ClusterView, type EndpointView } from './explain/plane-view.ts';
export { DOWNSTREAM_DEFAULTS, type DownstreamLimits } from './limits.ts';
