import type { SpringConfigController } from './spring-config.controller.ts';

export { SpringConfig, type SpringConfigOptions, type SpringRequest } from './spring-config.ts';
export type { SpringReply } from './spring-reply.ts';

/** The Nest controller, loaded when asked for. */
export async function loadSpringConfigController(): Promise<typeof SpringConfigController> {
  return (await import('./spring-config.controller.ts')).SpringConfigController;
}
