import type { ActuatorController } from './actuator.controller.ts';

export { Actuator, type ActuatorRoute, type ActuatorSources } from './actuator.ts';

/** The Nest controller. Loaded when asked for. */
export async function loadActuatorController(): Promise<typeof ActuatorController> {
  return (await import('./actuator.controller.ts')).ActuatorController;
}
