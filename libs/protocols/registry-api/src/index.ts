import type { RegistryApiController } from './registry-api.controller.ts';

export { ChangeStream, type StreamOptions } from './change-stream.ts';
export type { InstanceView } from './instance-view.ts';
export { ApiFault, problemForStatus, type FieldFault, type ProblemDocument } from './problem-document.ts';
export { RegistryApi, type InstancePage, type InstanceQuery, type ServiceSummary } from './registry-api.ts';
export { RegistryClient } from './registry-client.ts';
export type { InstanceChange, RegistryChanges, RegistrySnapshot } from './stream-events.ts';
export { watchRegistry, type WatchRegistryOptions } from './watch-registry.ts';

/** The Nest controller. Loaded when asked for: clients of this library need no framework. */
export async function loadRegistryApiController(): Promise<typeof RegistryApiController> {
  return (await import('./registry-api.controller.ts')).RegistryApiController;
}
