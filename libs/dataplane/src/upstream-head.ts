import type { Endpoint } from '#traffic';
import type { Exchange } from './exchange.ts';
import type { ForwardingRules } from './forwarding.ts';
import { CHUNKED } from './message/framing.ts';
import { FORWARDING, HeaderKind, HOP_BY_HOP } from './message/header-kind.ts';
import { formatTraceparent } from './trace-context.ts';

const NOT_FORWARDED = HOP_BY_HOP | FORWARDING | HeaderKind.host | HeaderKind.traceparent;

/** The request's head as the upstream gets it: what no filter touched as it came, then our own lines. */
export function upstreamHead(
  exchange: Exchange,
  endpoint: Endpoint,
  path: string,
  forwarding: ForwardingRules | undefined,
): string {
  const { head } = exchange;
  const target = exchange.query === undefined ? path : `${path}?${exchange.query}`;
  const host =
    exchange.upstreamHost ?? `${endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
  let text = `${exchange.method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${exchange.headers.serialize(NOT_FORWARDED)}`;
  if (forwarding) text += forwarding.lines(exchange.headers, exchange);
  text += `traceparent: ${formatTraceparent(exchange.trace)}\r\n`;
  if (head.framing === CHUNKED) text += 'Transfer-Encoding: chunked\r\n';
  if (head.upgrade !== undefined) text += `Connection: Upgrade\r\nUpgrade: ${head.upgrade}\r\n`;
  return `${text}\r\n`;
}
