export { guardCall, type GuardedCall, type GuardOptions } from './guarded-call.ts';
export {
  Health,
  httpStatusOf,
  type ComponentHealth,
  type HealthIndicator,
  type HealthReport,
  type HealthStatus,
} from './health.ts';
