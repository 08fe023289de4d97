import { equalsIgnoringCase } from './grammar.ts';

/**
 * Header lines that the data plane itself has to understand, as bits, so that a serializer can leave out several at once.
 * Everything else is 0 and passes untouched.
 */
export const HeaderKind = {
  ordinary: 0,
  host: 1,
  connection: 2,
  /** Keep-Alive, Proxy-Connection, TE, Proxy-Authenticate, Proxy-Authorization, HTTP2-Settings and lines that Connection names. */
  hopByHop: 4,
  contentLength: 8,
  transferEncoding: 16,
  upgrade: 32,
  expect: 64,
  forwardedFor: 128,
  forwardedHost: 256,
  forwardedPort: 512,
  forwardedProto: 1024,
  forwardedPrefix: 2048,
  forwarded: 4096,
  traceparent: 8192,
  userAgent: 16384,
} as const;

/** Lines that end at this hop whatever their value. */
export const HOP_BY_HOP =
  HeaderKind.connection | HeaderKind.hopByHop | HeaderKind.transferEncoding | HeaderKind.upgrade;

/** RFC 9110 8.6: answers that never have a body (1xx and 204) tell no length either, and some clients would believe it. */
export const BODYLESS_HOP = HOP_BY_HOP | HeaderKind.contentLength;

/** What a client tells about the proxies before it. */
export const FORWARDING =
  HeaderKind.forwardedFor |
  HeaderKind.forwardedHost |
  HeaderKind.forwardedPort |
  HeaderKind.forwardedProto |
  HeaderKind.forwardedPrefix |
  HeaderKind.forwarded;

const KNOWN: readonly (readonly [string, number])[] = [
  ['host', HeaderKind.host],
  ['connection', HeaderKind.connection],
  ['keep-alive', HeaderKind.hopByHop],
  ['proxy-connection', HeaderKind.hopByHop],
  ['te', HeaderKind.hopByHop],
  ['proxy-authenticate', HeaderKind.hopByHop],
  ['proxy-authorization', HeaderKind.hopByHop],
  ['http2-settings', HeaderKind.hopByHop],
  ['content-length', HeaderKind.contentLength],
  ['transfer-encoding', HeaderKind.transferEncoding],
  ['upgrade', HeaderKind.upgrade],
  ['expect', HeaderKind.expect],
  ['x-forwarded-for', HeaderKind.forwardedFor],
  ['x-forwarded-host', HeaderKind.forwardedHost],
  ['x-forwarded-port', HeaderKind.forwardedPort],
  ['x-forwarded-proto', HeaderKind.forwardedProto],
  ['x-forwarded-prefix', HeaderKind.forwardedPrefix],
  ['forwarded', HeaderKind.forwarded],
  ['traceparent', HeaderKind.traceparent],
  ['user-agent', HeaderKind.userAgent],
];

const BY_LENGTH: (readonly (readonly [string, number])[] | undefined)[] = [];
for (const entry of KNOWN) {
  const { length } = entry[0];
  BY_LENGTH[length] = [...(BY_LENGTH[length] ?? []), entry];
}
const LONGEST = BY_LENGTH.length;

/** The kind of the name at `[start, end)`. */
export function classify(text: string, start: number, end: number): number {
  const length = end - start;
  if (length >= LONGEST) return 0;
  const candidates = BY_LENGTH[length];
  if (candidates === undefined) return 0;
  const first = text.charCodeAt(start) | 0x20;
  for (const [name, kind] of candidates) {
    if (name.charCodeAt(0) === first && equalsIgnoringCase(text, start, name)) return kind;
  }
  return 0;
}
