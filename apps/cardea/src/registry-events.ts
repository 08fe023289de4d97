import type { Bus } from '#bus';
import type { RunningRegistry } from '../../registry/src/registry.app.ts';

/** A deployment changes many instances at once; one event tells of all. */
const GATHER_MS = 50;

/** Tells the bus which services changed in a registry. Answers how to stop. */
export function publishRegistryChanges({ registry }: RunningRegistry, bus: Bus): () => void {
  const services = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const publish = (): void => {
    timer = undefined;
    bus.publish('registry-changed', { services: [...services], index: registry.changes.index });
    services.clear();
  };
  const unsubscribe = registry.changes.subscribe(({ info }) => {
    services.add(info.app.toLowerCase());
    timer ??= setTimeout(publish, GATHER_MS).unref();
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}

/** The registry with its events on a bus of its own, which closes with it. */
export async function withBus(registry: RunningRegistry, open: () => Promise<Bus>): Promise<RunningRegistry> {
  const bus = await open();
  const stop = publishRegistryChanges(registry, bus);
  return {
    ...registry,
    async close() {
      stop();
      await registry.close();
      await bus.close();
    },
  };
}
