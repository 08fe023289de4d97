import type { InstanceView } from './wire.ts';

export type LeasePhase = 'fresh' | 'late' | 'expired' | 'held' | 'none';

export interface LeaseClock {
  readonly phase: LeasePhase;
  readonly remainingMs: number;
  /** Of the whole lease, 0 to 1. */
  readonly remaining: number;
}

/** Below this share at least one heartbeat has been missed: clients renew at a third of the lease or earlier. */
const LATE_BELOW = 1 / 3;

export function leaseClock(view: InstanceView, now: number): LeaseClock {
  const { ttlMs, expiresAt, held } = view;
  if (!expiresAt || !ttlMs) return { phase: held ? 'held' : 'none', remainingMs: 0, remaining: 0 };
  const remainingMs = Math.max(0, expiresAt - now);
  const remaining = Math.min(1, remainingMs / ttlMs);
  if (held) return { phase: 'held', remainingMs, remaining };
  if (remainingMs === 0) return { phase: 'expired', remainingMs, remaining };
  return { phase: remaining < LATE_BELOW ? 'late' : 'fresh', remainingMs, remaining };
}
