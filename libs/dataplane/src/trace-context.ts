import { randomFillSync } from 'node:crypto';

/** W3C trace context of one request: whose trace, the caller's span, the gateway's own. */
export interface TraceContext {
  readonly traceId: string;
  readonly parentSpanId: string | undefined;
  readonly spanId: string;
  readonly sampled: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const POOL = Buffer.alloc(4_096);
let used = POOL.length;

/** Random hexadecimal id of `bytes` bytes; random bytes are drawn in bulk because one draw costs as much as many. */
function randomId(bytes: number): string {
  if (used + bytes > POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  const id = POOL.toString('hex', used, used + bytes);
  used += bytes;
  return /^0+$/.test(id) ? randomId(bytes) : id;
}

/** Continues the trace that `traceparent` names, or begins one where it is absent or invalid (W3C Trace Context 3.2). */
export function traceContext(traceparent: string | undefined): TraceContext {
  const spanId = randomId(8);
  const [, version, traceId, parentSpanId, flags, more] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  const valid =
    traceId !== undefined &&
    version !== 'ff' &&
    (version !== '00' || more === undefined) &&
    !/^0+$/.test(traceId) &&
    !/^0+$/.test(parentSpanId ?? '');
  if (!valid) return { traceId: randomId(16), parentSpanId: undefined, spanId, sampled: true };
  return { traceId, parentSpanId, spanId, sampled: (Number.parseInt(flags ?? '0', 16) & 1) === 1 };
}

/** The line for the upstream: the gateway's span is its parent. */
export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}
