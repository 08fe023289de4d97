import type { RateLimit } from '#traffic';
import type { FilteredRequest } from '../message/filtered-message.ts';
import type { FilterCompiler } from './filter-compiler.ts';
import { RateLimiters } from './rate-limiters.ts';

type KeyOf = (request: FilteredRequest) => string;

const KEYS: { readonly [K in RateLimit['key']['kind']]: (key: Extract<RateLimit['key'], { kind: K }>) => KeyOf } = {
  'client-address': () => (request) => request.clientAddress,
  header: ({ name }) => {
    const lowerName = name.toLowerCase();
    return (request) => request.headers.get(lowerName) ?? '';
  },
  host: () => (request) => request.authority.toLowerCase(),
  path: () => (request) => request.originalPath,
  constant:
    ({ value }) =>
    () =>
      value,
};

function keyOf<K extends RateLimit['key']['kind']>(kind: K, key: Extract<RateLimit['key'], { kind: K }>): KeyOf {
  return KEYS[kind](key);
}

/** Spring's RequestRateLimiter in memory: the headers tell the state on allowed and on refused requests. */
export const rateLimit: FilterCompiler<'rate-limit'> = ({ kind, limit }, context) => {
  const key = keyOf(limit.key.kind, limit.key);
  const limiter = (context.limiters ?? new RateLimiters(context.clock)).get(context.route, limit);
  /** What is left belongs to the request, which this filter sees again when the answer comes. */
  const remaining = new WeakMap<FilteredRequest, number>();
  const headersFor = (left: number): readonly (readonly [string, string])[] => [
    ['X-RateLimit-Remaining', `${left}`],
    ['X-RateLimit-Requested-Tokens', `${limit.requestedTokens}`],
    ['X-RateLimit-Burst-Capacity', `${limit.burstCapacity}`],
    ['X-RateLimit-Replenish-Rate', `${limit.replenishRate}`],
  ];
  return {
    kind,
    onRequest: (request) => {
      const value = key(request);
      if (value === '') {
        if (limit.emptyKey === 'allow') return undefined;
        return { status: limit.emptyKeyStatus, headers: [], body: '', outcome: 'rate-limited' };
      }
      const grant = limiter.take(value, limit.requestedTokens);
      if (!grant.allowed) {
        const headers = limit.headers ? headersFor(grant.remaining) : [];
        return { status: limit.status, headers, body: '', outcome: 'rate-limited' };
      }
      if (limit.headers) remaining.set(request, grant.remaining);
      return undefined;
    },
    onResponse: (response, request) => {
      const left = remaining.get(request);
      if (left === undefined) return;
      remaining.delete(request);
      for (const [name, value] of headersFor(left)) response.headers.add(name, value);
    },
  };
};
