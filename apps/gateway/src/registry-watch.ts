import type { ControlPlaneGuards } from '#health';
import { watchRegistry, type WatchRegistryOptions } from '#protocols/registry-api';
import type { GatewaySettings } from './gateway-settings.ts';
import { guardedStream, RESET_MS } from './guarded-stream.ts';

export type RegistryEvents = Required<
  Pick<WatchRegistryOptions, 'onSnapshot' | 'onChange' | 'onConnected' | 'onDisconnected'>
>;

export interface RegistryWatch {
  close(): void;
  /** Tries at once what would be tried after a pause. */
  restart(): void;
}

export function isConsul(url: string): boolean {
  return /^consul(\+https)?:/i.test(url);
}

/** Follows what the settings name: a registry like ours, or the catalog of a Consul. */
export function openRegistryWatch(
  settings: GatewaySettings,
  guards: ControlPlaneGuards,
  events: RegistryEvents,
): RegistryWatch {
  if (isConsul(settings.registryUrl)) return openConsulWatch(settings, guards, events);
  const open = guardedStream(guards, 'registry');
  const watch = () => watchRegistry({ url: settings.registryUrl, open, ...events });
  let current = watch();
  return {
    close: () => current.close(),
    restart() {
      current.close();
      current = watch();
    },
  };
}

/** Consul's client is loaded here: a gateway of another registry goes without. */
function openConsulWatch(
  { registryUrl: url, consulToken: token, consulServices: services = [] }: GatewaySettings,
  guards: ControlPlaneGuards,
  events: RegistryEvents,
): RegistryWatch {
  let closed = false;
  const watch = import('#engines/consul').then(({ watchConsul }) => {
    const guard = (attempt: (signal: AbortSignal) => Promise<void>) =>
      guards.guard(attempt, { name: 'registry', resetMs: RESET_MS });
    return closed ? undefined : watchConsul({ url, token, services, guard, ...events });
  });
  return {
    close() {
      closed = true;
      void watch.then((follower) => follower?.close());
    },
    // The events that ask for it tell of our own registry.
    restart: () => undefined,
  };
}
