export type { CircuitState, Gate } from './gate.ts';
