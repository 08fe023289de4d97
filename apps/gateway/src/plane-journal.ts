import { breakerChanged, type BreakerRecord, endpointEjected, type EjectionRecord } from '#dataplane';
import { type Clock, type Journal, type JournalEntry, spanText } from '#kernel';
import type { TrafficPlane } from './traffic-plane.ts';

/** Tells of circuit breakers and ejected endpoints of the data plane in this process. Answers how to stop. */
export function recordPlane(journal: Journal): () => void {
  const onBreaker = (message: unknown): void => {
    if (isRecord<BreakerRecord>(message, 'breaker')) journal.record(breakerEntry(message));
  };
  const onEjection = (message: unknown): void => {
    if (isRecord<EjectionRecord>(message, 'ejected')) journal.record(ejectionEntry(message));
  };
  breakerChanged.subscribe(onBreaker);
  endpointEjected.subscribe(onEjection);
  return () => {
    breakerChanged.unsubscribe(onBreaker);
    endpointEjected.unsubscribe(onEjection);
  };
}

function isRecord<T>(message: unknown, key: keyof T & string): message is T {
  return typeof message === 'object' && message !== null && key in message;
}

const BREAKER_STATES: Readonly<Record<string, string>> = {
  open: 'opened: calls are refused until it is tried again',
  'half-open': 'is half-open: a few calls are let through to see',
  closed: 'closed: calls go through again',
};

function breakerEntry({ breaker, from, to }: BreakerRecord): JournalEntry {
  const message = `circuit breaker "${breaker}" ${BREAKER_STATES[to] ?? `is ${to}`}`;
  const level = to === 'open' ? 'warn' : 'info';
  return { level, part: 'gateway', event: `breaker-${to}`, message, details: { breaker, from, to } };
}

function ejectionEntry({ cluster, endpoint, ejected, reason }: EjectionRecord): JournalEntry {
  const where = `endpoint ${endpoint} of "${cluster}"`;
  return {
    level: ejected ? 'warn' : 'info',
    part: 'gateway',
    event: ejected ? 'endpoint-ejected' : 'endpoint-back',
    message: `${where} is ${ejected ? 'taken out' : 'back'}: ${reason}`,
    details: { cluster, endpoint, reason },
  };
}

/** Drains, and tells how it began and ended. */
export async function recordDrain(
  journal: Journal,
  clock: Clock,
  plane: Pick<TrafficPlane, 'inFlight' | 'drain'>,
  deadlineMs: number,
): Promise<void> {
  const { inFlight } = plane;
  const from = clock.monotonic();
  const tell = (level: 'info' | 'warn', event: string, message: string, details: JournalEntry['details']): void =>
    journal.record({ level, part: 'gateway', event, message, ...(details && { details }) });
  const longest = `within ${spanText(deadlineMs)}`;
  tell('info', 'drain-begun', `no new connections are taken; ${inFlight} requests may end ${longest}`, { inFlight });
  const cut = await plane.drain(deadlineMs);
  const tookMs = Math.round(clock.monotonic() - from);
  const rest = cut === 0 ? 'none was cut' : `${cut} were cut`;
  tell(cut === 0 ? 'info' : 'warn', 'drain-ended', `drained in ${spanText(tookMs)}: ${rest}`, { cut, tookMs });
}
