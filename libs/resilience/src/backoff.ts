import type { RetryPolicy } from '#traffic';

/**
 * Pause before a retry, in milliseconds; the first retry is number 0. As Spring's Retry filter: `first * factor ** retry`,
 * moved up or down by up to the jitter's share of it, never below the first nor above the largest pause.
 */
export function backoffMs(backoff: RetryPolicy['backoff'], retry: number, random: () => number): number {
  if (!backoff) return 0;
  const { firstMs, maxMs = Number.POSITIVE_INFINITY, factor, jitter } = backoff;
  const plain = Math.min(firstMs * factor ** retry, maxMs);
  const moved = plain + plain * jitter * (random() * 2 - 1);
  return Math.min(Math.max(moved, firstMs), maxMs);
}
