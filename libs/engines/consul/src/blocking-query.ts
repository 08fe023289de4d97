import type { Clock } from '#kernel';

/** What a query found, and the index of Consul's state that it found it in. */
export interface Indexed<T> {
  readonly index: number;
  readonly value: T;
}

/** Shortest time from query to query, ms: an index may move many times a second without a change for us. */
const MIN_INTERVAL_MS = 100;

/**
 * The index that the next query waits beyond, by the rules that Consul's documentation gives to clients: begin anew when it
 * goes back, as it does when the servers' state is restored, and never wait beyond 0, which would not wait.
 */
export function nextIndex(before: number, answered: number): number {
  return answered < before ? 0 : Math.max(1, answered);
}

/** Asks again and again, each time for what is newer than the last answer. Ends by throwing, at the latest on abort. */
export async function followIndex<T>(
  ask: (index: number) => Promise<Indexed<T>>,
  first: number,
  onAnswer: (value: T) => void,
  clock: Clock,
  signal: AbortSignal,
): Promise<never> {
  let index = first;
  for (;;) {
    const began = clock.monotonic();
    const answer = await ask(index);
    signal.throwIfAborted();
    // The same index: the wait has run out without a change.
    if (answer.index !== index) onAnswer(answer.value);
    index = nextIndex(index, answer.index);
    await pause(began + MIN_INTERVAL_MS - clock.monotonic(), clock, signal);
  }
}

function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.schedule(ms, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}
