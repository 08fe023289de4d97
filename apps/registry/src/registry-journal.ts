import { formatProblem, type Journal, type JournalEntry } from '#kernel';
import type { LeaseRegistry, LeaseStoreState } from '#registry';

const PART = 'registry';

/** Tells when self-preservation begins to hold leases, and when it holds none any more. Answers how to stop. */
export function recordSelfPreservation(registry: LeaseRegistry, journal: Journal): () => void {
  let holding = false;
  return registry.changes.subscribe(({ cause, lease }) => {
    if (!holding && cause === 'held') {
      holding = true;
      const reason = lease.held?.reason ?? '';
      const message = `self-preservation is on: ${reason}; what went silent is kept until it renews or the limit passes`;
      journal.record({ level: 'warn', part: PART, event: 'self-preservation-on', message, details: { reason } });
    } else if (holding && registry.heldLeases.size === 0) {
      holding = false;
      const message = `self-preservation is off: no lease is held any more, ${registry.size} are in force`;
      const details = { leases: registry.size };
      journal.record({ level: 'info', part: PART, event: 'self-preservation-off', message, details });
    }
  });
}

export function storeEntry({ state, problem }: LeaseStoreState): JournalEntry {
  if (state === 'ok') {
    const message = 'the snapshot of the registry is written again';
    return { level: 'info', part: PART, event: 'snapshot-good-again', message };
  }
  const message = problem === undefined ? 'the snapshot of the registry is in trouble' : formatProblem(problem);
  return { level: 'error', part: PART, event: problem?.code ?? 'snapshot-degraded', message };
}

export function restoredEntry(instances: number): JournalEntry {
  const message = `took up ${instances} ${instances === 1 ? 'lease' : 'leases'} of the last run from the snapshot`;
  return { level: 'info', part: PART, event: 'leases-restored', message, details: { instances } };
}
