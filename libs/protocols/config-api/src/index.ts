import type { ConfigApiController } from './config-api.controller.ts';

export { ConfigApi, type ConfigHealth, type ConfigStatus, type SourceView } from './config-api.ts';
export { EnvironmentStream } from './environment-stream.ts';
export { fetchEnvironment, sourcesOf, type EnvironmentQuery, type RemoteEnvironment } from './remote-environment.ts';

/** The Nest controller, loaded when asked for. */
export async function loadConfigApiController(): Promise<typeof ConfigApiController> {
  return (await import('./config-api.controller.ts')).ConfigApiController;
}
