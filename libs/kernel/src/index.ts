export { CardeaError, type CardeaErrorOptions, type ErrorSource, type Retryability } from './cardea-error.ts';
export { systemClock, type CancelTimer, type Clock } from './clock.ts';
export { parseDuration } from './duration.ts';
export type { Instance, InstanceStatus, ServiceId } from './instance.ts';
export { isError, OUTCOMES, type Outcome } from './outcome.ts';
export { formatProblem, type Problem, type Severity } from './problem.ts';
export type { Listener, RunningApp } from './running-app.ts';
export { formatLocation, type SourceLocation } from './source-location.ts';
export { suggest } from './suggestion.ts';
