import { InstanceSet } from '../model/instance-set.ts';
import type { RegistryChange, RegistrySnapshot } from '../model/wire.ts';
import { EventStream } from './event-stream.ts';
import { Store } from './store.ts';

/** Changes that come closer together than this are shown together. */
const SHOW_EVERY_MS = 100;

export const instances = new InstanceSet();

export interface RegistryRevision {
  readonly loaded: boolean;
  readonly revision: number;
}

export const registryRevision = new Store<RegistryRevision>({ loaded: false, revision: 0 });

let scheduled: ReturnType<typeof setTimeout> | undefined;

/** Lets the page see what has changed in `instances`. */
export function showInstances(): void {
  clearTimeout(scheduled);
  scheduled = undefined;
  registryRevision.set({ loaded: true, revision: instances.revision });
}

export const registryStream = new EventStream('registry', 'registry/api/v1/stream', {
  snapshot: (text) => {
    const snapshot: RegistrySnapshot = JSON.parse(text);
    instances.reset(snapshot);
    showInstances();
  },
  change: (text) => {
    const change: RegistryChange = JSON.parse(text);
    instances.apply(change, Date.now());
    scheduled ??= setTimeout(showInstances, SHOW_EVERY_MS);
  },
});
