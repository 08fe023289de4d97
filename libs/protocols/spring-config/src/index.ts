import type { SpringConfigController } from './spring-config.controller.ts';

export { SpringConfig, type SpringReply, type SpringRequest } from './spring-config.ts';

/** The Nest controller, loaded when asked for. */
export async function loadSpringConfigController(): Promise<typeof SpringConfigController> {
  return (await import('./spring-config.controller.ts')).SpringConfigController;
}
