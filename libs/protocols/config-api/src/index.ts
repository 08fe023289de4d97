import type { ConfigApiController } from './config-api.controller.ts';

export { ConfigApi, type ConfigStatus } from './config-api.ts';

/** The Nest controller, loaded when asked for. */
export async function loadConfigApiController(): Promise<typeof ConfigApiController> {
  return (await import('./config-api.controller.ts')).ConfigApiController;
}
