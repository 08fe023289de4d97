export type { AttemptResult, Balancer, EndpointState, PickContext, Picker, PickResult } from './balancer.ts';
