import type { JSX } from 'preact';
import { span } from '../model/format.ts';
import { instances, registryRevision } from '../state/registry.ts';
import { useStore } from '../state/store.ts';
import { Command, registryUrl } from '../view/command.tsx';
import { Drawer, Facts } from '../view/drawer.tsx';
import { Icon } from '../view/icons.tsx';
import { Lease, Since } from '../view/lease.tsx';
import { Status } from '../view/status.tsx';

export interface InstanceDetailsProps {
  /** Key of the entry. */
  readonly open: string;
  readonly onClose: () => void;
}

export function InstanceDetails({ open, onClose }: InstanceDetailsProps): JSX.Element {
  const { loaded } = useStore(registryRevision);
  const view = instances.find(open)?.view;
  if (!view) {
    return (
      <Drawer title={open.slice(open.indexOf('/') + 1)} onClose={onClose}>
        <p>{loaded ? 'This instance has left the registry.' : 'Waiting for the registry …'}</p>
      </Drawer>
    );
  }
  const url = registryUrl(`services/${encodeURIComponent(view.service)}/instances/${encodeURIComponent(view.id)}`);
  return (
    <Drawer title={`${view.host}:${view.port}`} subtitle={view.service} onClose={onClose}>
      <p class="line">
        <Status status={view.status} />
        <Lease instance={view} />
      </p>
      {view.held && (
        <p class="note">
          <Icon name="shield" />
          <span>
            <strong>Held.</strong> {view.held}
          </span>
        </p>
      )}
      <Facts
        facts={[
          ['Id', <code>{view.id}</code>],
          ['Address', <code>{`${view.secure ? 'https' : 'http'}://${view.host}:${view.port}`}</code>],
          ['Last heartbeat', view.lastRenewalAt && <Since at={view.lastRenewalAt} />],
          ['Lease', view.ttlMs ? span(view.ttlMs) : undefined],
          ['Registered', view.registeredAt && new Date(view.registeredAt).toLocaleString('en-GB')],
          ['Weight', view.weight],
          ['Zone', view.zone],
          ['Protocol', view.protocol],
        ]}
      />
      <h3>Metadata</h3>
      {Object.keys(view.metadata ?? {}).length === 0 ? (
        <p class="subtle">None.</p>
      ) : (
        <Facts facts={Object.entries(view.metadata ?? {})} />
      )}
      <h3>By hand</h3>
      <Command text={`curl -X PUT ${url}/renew`} label="Command that sends a heartbeat" />
      <Command text={`curl -X DELETE ${url}`} label="Command that deregisters" />
    </Drawer>
  );
}
