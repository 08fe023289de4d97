import type { ConfigApiController } from './config-api.controller.ts';

export { ConfigApi, type ConfigDiff, type ConfigHealth, type ConfigStatus, type SourceView } from './config-api.ts';
export { ConfigClient } from './config-client.ts';
export type { WatchedEnvironment } from './environment-sources.ts';
export { EnvironmentStream } from './environment-stream.ts';
export { fetchEnvironment, type EnvironmentQuery } from './remote-environment.ts';
export { watchEnvironment, type WatchEnvironmentOptions } from './watch-environment.ts';

/** The Nest controller, loaded when asked for. */
export async function loadConfigApiController(): Promise<typeof ConfigApiController> {
  return (await import('./config-api.controller.ts')).ConfigApiController;
}
