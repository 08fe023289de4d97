import type { DataCenter, InstanceInfo } from '#registry';
import type { InstanceDraft } from './instance-draft.ts';

export type Registration =
  | { readonly ok: true; readonly info: InstanceInfo }
  /** Text of the 400 that Eureka answers. */
  | { readonly ok: false; readonly fault: string };

/** Completes what a client sent, or tells what it lacks: in the words and the order of the reference's ApplicationResource. */
export function toRegistration(draft: InstanceDraft, pathApp: string, now: number): Registration {
  const { hostName, ipAddr, dataCenter } = draft;
  const instanceId = draft.instanceId ?? springInstanceId(draft);
  const id = instanceId || dataCenter?.metadata?.['instance-id'] || hostName;
  if (!id) return fault('Missing instanceId');
  if (!hostName) return fault('Missing hostname');
  if (!ipAddr) return fault('Missing ip address');
  if (!draft.app) return fault('Missing appName');
  const app = pathApp.toUpperCase();
  if (draft.app !== app) return fault(`Mismatched appName, expecting ${app} but was ${draft.app}`);
  if (dataCenter === undefined) return fault('Missing dataCenterInfo');
  if (dataCenter.name === undefined) return fault('Missing dataCenterInfo Name');
  const info: InstanceInfo = {
    ...draft,
    id,
    instanceId,
    hostName,
    ipAddr,
    dataCenter: completeDataCenter(dataCenter.name, dataCenter.metadata, id),
    lastDirtyAt: draft.lastDirtyAt ?? now,
  };
  return { ok: true, info };
}

function fault(text: string): Registration {
  return { ok: false, fault: text };
}

/** Old Spring clients put their id into the metadata (CloudJacksonJson). */
function springInstanceId(draft: InstanceDraft): string | undefined {
  const id = draft.metadata['instanceId'];
  if (id === undefined || id === '' || draft.hostName === undefined) return undefined;
  return id.startsWith(draft.hostName) ? id : `${draft.hostName}:${id}`;
}

function completeDataCenter(name: DataCenter['name'], metadata: DataCenter['metadata'], id: string): DataCenter {
  if (name !== 'Amazon') return { name };
  return { name, metadata: { ...metadata, 'instance-id': metadata?.['instance-id'] ?? id } };
}
