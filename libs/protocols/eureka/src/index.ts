import type { EurekaController } from './eureka.controller.ts';

export { allowedMethods } from './allowed-methods.ts';
export { EurekaProtocol, type EurekaProtocolOptions } from './eureka-protocol.ts';

/** The Nest controller. Loaded when asked for: clients of this library need no framework. */
export async function loadEurekaController(): Promise<typeof EurekaController> {
  return (await import('./eureka.controller.ts')).EurekaController;
}
