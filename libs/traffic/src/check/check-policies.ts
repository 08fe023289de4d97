import type { Route } from '../model.ts';
import type { CircuitBreakerPolicy, OutlierPolicy, RetryPolicy, Timeouts } from '../policy.ts';
import type { Report } from './report.ts';
import { checkAbsolutePath, checkRange } from './values.ts';

const LARGEST = Number.MAX_VALUE;

/** Numbers that cannot work, for the policies of one route. */
export function checkRoutePolicies({ timeouts, retry, breaker }: Route, report: Report): void {
  if (timeouts) checkTimeouts(timeouts, report);
  if (retry) checkRetry(retry, timeouts, report);
  if (breaker) checkBreaker(breaker, report);
}

function checkTimeouts({ responseMs, totalMs, idleMs }: Timeouts, report: Report): void {
  checkRange(responseMs, 'the response timeout', 1, LARGEST, report);
  checkRange(totalMs, 'the total timeout', 1, LARGEST, report);
  checkRange(idleMs, 'the idle timeout', 1, LARGEST, report);
}

function checkRetry(retry: RetryPolicy, timeouts: Timeouts | undefined, report: Report): void {
  checkRange(retry.retries, 'the number of retries', 0, 1_000, report);
  checkRange(retry.perTryTimeoutMs, 'the timeout per try', 1, LARGEST, report);
  checkRange(retry.maxReplayBytes, 'the replay size', 0, LARGEST, report);
  checkRange(retry.budget.ratio, 'the retry ratio', 0, 1_000, report);
  checkRange(retry.budget.minPerSecond, 'the retries per second', 0, LARGEST, report);
  checkRange(retry.backoff?.firstMs, 'the first backoff', 0, LARGEST, report);
  checkRange(retry.backoff?.factor, 'the backoff factor', 1, LARGEST, report);
  checkRange(retry.backoff?.jitter, 'the jitter', 0, 1, report);
  for (const status of retry.statuses) checkRange(status, 'a retried status', 100, 999, report);
  const { perTryTimeoutMs } = retry;
  if (perTryTimeoutMs !== undefined && timeouts?.totalMs !== undefined && perTryTimeoutMs >= timeouts.totalMs) {
    report.warning(
      'no-time-to-retry',
      `one try may take ${perTryTimeoutMs} ms, all of them ${timeouts.totalMs} ms: a timed-out try is never repeated`,
      'raise the total timeout or lower that of a try',
    );
  }
}

function checkBreaker(breaker: CircuitBreakerPolicy, report: Report): void {
  const size = breaker.window.kind === 'count' ? breaker.window.size : breaker.window.ms;
  checkRange(size, 'the window of the breaker', 1, LARGEST, report);
  checkRange(breaker.minimumCalls, 'the minimum of calls', 0, LARGEST, report);
  // Hystrix opens at 0 percent too, after the minimum of calls.
  checkRange(breaker.failureRateThreshold, 'the failure rate', 0, 100, report);
  checkRange(breaker.slowCallRateThreshold, 'the slow-call rate', 0, 100, report);
  checkRange(breaker.slowCallDurationMs, 'the slow-call duration', 0, LARGEST, report);
  checkRange(breaker.openMs, 'the time open', 0, LARGEST, report);
  checkRange(breaker.halfOpenCalls, 'the number of half-open calls', 1, LARGEST, report);
  checkRange(breaker.timeoutMs, 'the timeout of the breaker', 1, LARGEST, report);
  if (breaker.fallbackPath !== undefined) checkAbsolutePath(breaker.fallbackPath, 'the fallback', report);
}

export function checkOutlier(outlier: OutlierPolicy, report: Report): void {
  checkRange(outlier.consecutiveFailures, 'the number of consecutive failures', 1, LARGEST, report);
  checkRange(outlier.baseEjectionMs, 'the ejection time', 1, LARGEST, report);
  checkRange(outlier.maxEjectionMs, 'the longest ejection time', outlier.baseEjectionMs, LARGEST, report);
  checkRange(outlier.maxEjectionPercent, 'the share that may be ejected', 0, 100, report);
}
