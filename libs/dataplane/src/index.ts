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
export type { CompiledFilter, FilteredRequest, FilteredResponse, HeaderLines, LocalResponse } from './message.ts';
