import type { JSX } from 'preact';
import { ago, NONE, span } from '../model/format.ts';
import { leaseClock, type LeasePhase } from '../model/lease.ts';
import type { InstanceView } from '../model/wire.ts';
import { useServerNow } from '../state/clock.ts';
import { Icon } from './icons.tsx';

const SAID: Readonly<Record<LeasePhase, string>> = {
  fresh: 'of its lease left',
  late: 'left, the heartbeat is late',
  expired: 'its lease has expired',
  held: 'its lease has expired, the registry holds it',
  none: 'no lease',
};

/** What is left of an instance's lease, running down until the next heartbeat. */
export function Lease({ instance }: { readonly instance: InstanceView }): JSX.Element {
  const { phase, remaining, remainingMs } = leaseClock(instance, useServerNow());
  const text = phase === 'none' ? 'no lease' : phase === 'fresh' || phase === 'late' ? span(remainingMs) : phase;
  return (
    <span class="lease" data-phase={phase} title={`${remainingMs > 0 ? span(remainingMs) : ''} ${SAID[phase]}`.trim()}>
      <span class="lease-track" aria-hidden="true">
        <span class="lease-fill" style={{ transform: `scaleX(${remaining.toFixed(3)})` }} />
      </span>
      <span class="lease-text">
        {text}
        {phase === 'late' && <Icon name="late" />}
        {phase === 'held' && <Icon name="shield" />}
        {phase === 'expired' && <Icon name="cross" />}
        {phase === 'late' && <span class="unseen">late</span>}
      </span>
    </span>
  );
}

export function Since({ at }: { readonly at: number | undefined }): JSX.Element {
  const now = useServerNow();
  return <span class="numeric">{at ? ago(now - at) : NONE}</span>;
}
