export type { AttemptResult, Balancer, EndpointState, PickContext, Picker, PickResult } from './balancer.ts';
export { createBalancer, type BalancerOptions, type Ejection } from './create-balancer.ts';
