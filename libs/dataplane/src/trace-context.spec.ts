import { formatTraceparent, traceContext } from './trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('traceContext', () => {
  it.each([
    ['01', true],
    ['00', false],
  ])('continues a trace with flags %s under an own span', (flags, sampled) => {
    const context = traceContext(`00-${TRACE}-${SPAN}-${flags}`);
    expect(context).toMatchObject({ traceId: TRACE, parentSpanId: SPAN, sampled });
    expect(context.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(context.spanId).not.toBe(SPAN);
    expect(formatTraceparent(context)).toBe(`00-${TRACE}-${context.spanId}-${flags}`);
  });

  it('reads what later versions append', () => {
    expect(traceContext(`01-${TRACE}-${SPAN}-01-more`)).toMatchObject({ traceId: TRACE });
  });

  it.each([
    undefined,
    '',
    `00-${TRACE}-${SPAN}-01-more`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  ])('begins a trace instead of %j', (traceparent) => {
    const context = traceContext(traceparent);
    expect(context.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(context).toMatchObject({ parentSpanId: undefined, sampled: true });
    expect(context.traceId).not.toBe(TRACE);
  });
});
