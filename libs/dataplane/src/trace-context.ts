import { randomFillSync } from 'node:crypto';

/** W3C trace context of one request: whose trace, the caller's span, the gateway's own. */
export interface TraceContext {
  readonly traceId: string;
  readonly parentSpanId: string | undefined;
  readonly spanId: string;
  readonly sampled: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NOTHING = '0'.repeat(32);
const POOL = Buffer.alloc(8_192);
let digits = '';
let used = 0;

/** Random hexadecimal id; random bytes are drawn and spelled in bulk because one draw costs as much as many. */
function randomId(length: 16 | 32): string {
  if (used + length > digits.length) {
    digits = randomFillSync(POOL).toString('hex');
    used = 0;
  }
  const id = digits.slice(used, (used += length));
  return NOTHING.startsWith(id) ? randomId(length) : id;
}

/** Continues the trace that `traceparent` names, or begins one where it is absent or invalid (W3C Trace Context 3.2). */
export function traceContext(traceparent: string | undefined): TraceContext {
  const spanId = randomId(16);
  if (traceparent === undefined) return { traceId: randomId(32), parentSpanId: undefined, spanId, sampled: true };
  const [, version, traceId, parentSpanId, flags, more] = TRACEPARENT.exec(traceparent) ?? [];
  const valid =
    traceId !== undefined &&
    version !== 'ff' &&
    (version !== '00' || more === undefined) &&
    !/^0+$/.test(traceId) &&
    !/^0+$/.test(parentSpanId ?? '');
  if (!valid) return { traceId: randomId(32), parentSpanId: undefined, spanId, sampled: true };
  return { traceId, parentSpanId, spanId, sampled: (Number.parseInt(flags ?? '0', 16) & 1) === 1 };
}

/** The line for the upstream: the gateway's span is its parent. */
export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}
