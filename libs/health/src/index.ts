export { ControlPlaneGuards, type GuardView } from './control-plane-guards.ts';
export {
  Health,
  httpStatusOf,
  type ComponentHealth,
  type HealthIndicator,
  type HealthReport,
  type HealthStatus,
} from './health.ts';
