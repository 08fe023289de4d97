import type { BoundNode } from '#config';
import type { RateLimit } from '#traffic';
import { parseStatus } from '../http-status.ts';
import type { FactoryTable, RouteDraft } from '../route-draft.ts';
import { rateLimitKey } from './rate-limit-key.ts';

/** Filters that refuse a request. */
export const limits: FactoryTable = {
  RequestSize: {
    shape: { shortcut: [] },
    translate: (args, { filters }) => {
      filters.push({ kind: 'request-size', maxBytes: args.dataSize('max-size') ?? 5_000_000 });
    },
  },
  RequestHeaderSize: {
    shape: { shortcut: ['max-size', 'error-header-name'] },
    translate: (args, { filters }) => {
      const maxBytes = args.dataSize('max-size') ?? 16_000;
      const errorHeader = args.string('error-header-name') ?? 'errorMessage';
      filters.push({ kind: 'request-header-size', maxBytes, errorHeader });
    },
  },
  RequestRateLimiter: {
    shape: { shortcut: [] },
    translate: (args, draft) => {
      const limit = rateLimit(args, draft);
      if (limit !== undefined) draft.filters.push({ kind: 'rate-limit', limit });
    },
  },
};

function rateLimit(args: BoundNode, draft: RouteDraft): RateLimit | undefined {
  const { gateway } = draft;
  const key = rateLimitKey(args, draft);
  const bucket = tokenBucket(args);
  const global = gateway.at('filter.request-rate-limiter');
  const statusText = args.string('status-code') ?? 'TOO_MANY_REQUESTS';
  const emptyText = args.string('empty-key-status') ?? global.string('empty-key-status-code') ?? 'FORBIDDEN';
  if (key === undefined || bucket === undefined) return undefined;
  return {
    ...bucket,
    key,
    status: parseStatus(statusText) ?? 429,
    emptyKey: (args.boolean('deny-empty-key') ?? global.boolean('deny-empty-key') ?? true) ? 'deny' : 'allow',
    emptyKeyStatus: parseStatus(emptyText) ?? 403,
    headers: gateway.boolean('redis-rate-limiter.include-headers') ?? true,
  };
}

type Bucket = Pick<RateLimit, 'replenishRate' | 'burstCapacity' | 'requestedTokens'>;

/** Both of the original's limiters are token buckets; ours keeps the tokens in memory. */
function tokenBucket(args: BoundNode): Bucket | undefined {
  const redis = args.at('redis-rate-limiter');
  const bucket4j = args.at('bucket4j-rate-limiter');
  if (redis.exists) {
    const replenishRate = redis.integer('replenish-rate', { min: 1 });
    const burstCapacity = redis.integer('burst-capacity', { min: 0 }) ?? 1;
    const requestedTokens = redis.integer('requested-tokens', { min: 1 }) ?? 1;
    if (replenishRate !== undefined) return { replenishRate, burstCapacity, requestedTokens };
  } else if (bucket4j.exists) {
    const burstCapacity = bucket4j.integer('capacity', { min: 1 });
    const periodMs = bucket4j.duration('refill-period');
    const refill = bucket4j.integer('refill-tokens', { min: 1 }) ?? burstCapacity;
    const requestedTokens = bucket4j.integer('requested-tokens', { min: 1 }) ?? 1;
    const style = bucket4j.oneOf('refill-style', ['greedy', 'intervally', 'intervally-aligned']) ?? 'greedy';
    if (style !== 'greedy')
      bucket4j.at('refill-style').report({
        severity: 'warning',
        code: 'approximated',
        message: `tokens are refilled evenly, not ${style}`,
        remedy: 'write refill-style: GREEDY',
      });
    if (burstCapacity !== undefined && refill !== undefined && periodMs !== undefined && periodMs > 0)
      return { replenishRate: (refill * 1000) / periodMs, burstCapacity, requestedTokens };
  }
  args.report({
    code: 'missing-argument',
    message: 'RequestRateLimiter has no rate',
    remedy: 'write args: {redis-rate-limiter.replenishRate: 10, redis-rate-limiter.burstCapacity: 20}',
  });
  return undefined;
}
