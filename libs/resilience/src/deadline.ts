/**
 * A moment on the monotonic clock, in milliseconds, by which something must be done. Plain numbers, because every request
 * carries some: infinity is "whenever".
 */
export type Deadline = number;

export const NO_DEADLINE: Deadline = Number.POSITIVE_INFINITY;

/** `timeoutMs` from `now`; no deadline when there is no timeout. */
export function deadlineAfter(now: number, timeoutMs: number | undefined): Deadline {
  return timeoutMs === undefined ? NO_DEADLINE : now + timeoutMs;
}

/** Milliseconds left, never negative. */
export function remainingMs(deadline: Deadline, now: number): number {
  return deadline > now ? deadline - now : 0;
}

/** The moment itself is too late. */
export function isExpired(deadline: Deadline, now: number): boolean {
  return now >= deadline;
}

/** Deadline of one attempt: its own timeout, but never past that of the whole request. */
export function attemptDeadline(whole: Deadline, now: number, perTryTimeoutMs: number | undefined): Deadline {
  return Math.min(whole, deadlineAfter(now, perTryTimeoutMs));
}

/** A pause of `waitMs` is worth it only if time for an attempt is left after it. */
export function fitsBefore(deadline: Deadline, now: number, waitMs: number): boolean {
  return now + waitMs < deadline;
}
