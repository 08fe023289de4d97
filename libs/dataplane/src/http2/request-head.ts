import { randomBytes } from 'node:crypto';
import { bodyFraming, CHUNKED } from '../message/framing.ts';
import { CR, fault, LF, SPACE, TAB, TARGET, TOKEN, VALUE, type Fault } from '../message/grammar.ts';
import { HeaderBlock } from '../message/header-block.ts';
import { classify, HeaderKind } from '../message/header-kind.ts';
import { isAuthority } from '../message/authority.ts';
import type { HeadLimits, RequestHead } from '../message/heads.ts';
import { TOO_MANY_HEADERS } from '../http1/scan-lines.ts';

export interface Http2HeadLimits extends HeadLimits {
  readonly maxHeaderBytes: number;
}

const BAD_PSEUDO = fault('bad-pseudo-header', 'the pseudo-header fields are not those of one request');
const BAD_NAME = fault('bad-header-name', 'a field name is not a token in lower case');
const BAD_VALUE = fault('bad-header-value', 'a field value holds a forbidden character');
const BAD_METHOD = fault('bad-method', 'the method is not a token');
const BAD_TARGET = fault('bad-target', 'the path does not begin with a slash or holds a forbidden character');
const BAD_SCHEME = fault('bad-scheme', 'only http and https are served here');
const BAD_HOST = fault('bad-host', 'the request needs one valid :authority or Host');
const OTHER_HOST = fault('host-mismatch', ':authority names another host than the Host field');
const LONG_TARGET = fault('target-too-long', 'the request target is too long', 414);
const TOO_LARGE = fault('headers-too-large', 'the header block is too large', 431);
const CONNECTION_FIELD = fault('connection-field', 'HTTP/2 has no fields that are about one connection');
const TUNNEL = fault('connect-refused', 'CONNECT is offered for WebSocket only (RFC 8441)', 405);
const BAD_EXPECTATION = fault('bad-expectation', 'the only expectation understood is 100-continue', 417);
const BODY_WHERE_NONE = fault('bad-content-length', 'Content-Length tells of a body that does not follow');

const PSEUDO = [':method', ':scheme', ':authority', ':path', ':protocol'] as const;
type Pseudo = (typeof PSEUDO)[number];
const isPseudo = (name: string): name is Pseudo => PSEUDO.some((known) => known === name);

/** Never in HTTP/2 (RFC 9113 8.2.2). TE may say `trailers`, and is dropped at this hop. */
const ABOUT_CONNECTION = HeaderKind.connection | HeaderKind.transferEncoding | HeaderKind.upgrade;

/**
 * Reads the fields of a request as `node:http2` gives them: name, value, name, value. nghttp2 has refused most of what is
 * refused here; what becomes an HTTP/1.1 head is checked again, because one CR in it would be another request.
 */
export function readRequestHead(
  raw: readonly string[],
  endStream: boolean,
  limits: Http2HeadLimits,
): RequestHead | Fault {
  const pseudo: Partial<Record<Pseudo, string>> = {};
  let at = 0;
  for (; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (name.charCodeAt(0) !== 0x3a) break;
    if (!isPseudo(name) || pseudo[name] !== undefined) return BAD_PSEUDO;
    pseudo[name] = raw[at + 1] ?? '';
  }
  const method = pseudo[':method'] ?? '';
  const target = pseudo[':path'] ?? '';
  const protocol = pseudo[':protocol'];
  if (method === 'CONNECT' ? protocol?.toLowerCase() !== 'websocket' : protocol !== undefined) return TUNNEL;
  if (!isToken(method)) return BAD_METHOD;
  if (target.length > limits.maxTargetBytes) return LONG_TARGET;
  if (!isTarget(target, method)) return BAD_TARGET;
  if (!/^https?$/i.test(pseudo[':scheme'] ?? '')) return BAD_SCHEME;
  const host = hostOf(pseudo[':authority'], raw, at);
  if (typeof host !== 'string') return host;
  const lines = new Lines(limits);
  lines.add('host', host);
  // HTTP/2 has no use for the key; the handshake of HTTP/1.1 does not go without.
  if (protocol !== undefined) lines.add('Sec-WebSocket-Key', randomBytes(16).toString('base64'));
  const wrong = lines.addAll(raw, at);
  if (wrong) return wrong;
  const { headers } = lines;
  if (headers.seen & ABOUT_CONNECTION) return CONNECTION_FIELD;
  if (headers.seen & HeaderKind.expect && headers.get('expect')?.toLowerCase() !== '100-continue')
    return BAD_EXPECTATION;
  const framing = bodyFraming(headers, endStream ? 0 : CHUNKED);
  if (typeof framing !== 'number') return framing;
  if (endStream && framing > 0) return BODY_WHERE_NONE;
  const question = target.indexOf('?');
  return {
    method: protocol === undefined ? method : 'GET',
    target,
    path: question < 0 ? target : target.slice(0, question),
    query: question < 0 ? undefined : target.slice(question + 1),
    authority: host,
    http10: false,
    headers,
    framing: protocol === undefined ? framing : 0,
    keepAlive: true,
    upgrade: protocol === undefined ? undefined : 'websocket',
  };
}

/** Reads trailer fields; like those of chunked bodies they may say nothing that the data plane acts upon. */
export function readTrailers(raw: readonly string[], limits: Http2HeadLimits): HeaderBlock | Fault {
  const lines = new Lines(limits);
  return lines.addAll(raw, 0) ?? (lines.headers.seen === 0 ? lines.headers : CONNECTION_FIELD);
}

/** Builds the HTTP/1.1 text of fields, each checked, so that what follows is as with a request that came as text. */
class Lines {
  readonly #limits: Http2HeadLimits;
  readonly #marks: [start: number, colon: number, end: number][] = [];
  #text = '';

  constructor(limits: Http2HeadLimits) {
    this.#limits = limits;
  }

  add(name: string, value: string): void {
    const start = this.#text.length;
    this.#text += `${name}: ${value}\r\n`;
    this.#marks.push([start, start + name.length, this.#text.length - 2]);
  }

  addAll(raw: readonly string[], from: number): Fault | undefined {
    const { maxHeaderBytes, maxHeaderCount } = this.#limits;
    // Clients split Cookie to compress it; outside of HTTP/2 there may be one only (RFC 9113 8.2.3).
    let cookie: string | undefined;
    for (let at = from; at < raw.length; at += 2) {
      const name = raw[at] ?? '';
      const value = raw[at + 1] ?? '';
      if (name.charCodeAt(0) === 0x3a) return BAD_PSEUDO;
      if (!isToken(name) || name !== name.toLowerCase()) return BAD_NAME;
      if (!isValue(value)) return BAD_VALUE;
      if ((name === 'host' || name === 'sec-websocket-key') && from > 0) continue;
      if (name === 'cookie') cookie = cookie === undefined ? value : `${cookie}; ${value}`;
      else this.add(name, value);
      if (this.#text.length > maxHeaderBytes) return TOO_LARGE;
    }
    if (cookie !== undefined) this.add('cookie', cookie);
    if (this.#text.length > maxHeaderBytes) return TOO_LARGE;
    return this.#marks.length > maxHeaderCount ? TOO_MANY_HEADERS : undefined;
  }

  get headers(): HeaderBlock {
    const block = new HeaderBlock(this.#text);
    for (const [start, colon, end] of this.#marks) block.mark(start, colon, end, classify(this.#text, start, colon));
    return block;
  }
}

/** `:authority`, or Host where a gateway before us left that. Both may be there if they agree. */
function hostOf(authority: string | undefined, raw: readonly string[], from: number): string | Fault {
  let host: string | undefined;
  for (let at = from; at < raw.length; at += 2) {
    if (raw[at] !== 'host') continue;
    if (host !== undefined) return BAD_HOST;
    host = raw[at + 1] ?? '';
  }
  if (authority !== undefined && host !== undefined && authority.toLowerCase() !== host.toLowerCase())
    return OTHER_HOST;
  const name = authority ?? host ?? '';
  return name !== '' && isAuthority(name) ? name : BAD_HOST;
}

function isToken(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (TOKEN[text.charCodeAt(at)] !== 1) return false;
  return text !== '';
}

function isTarget(text: string, method: string): boolean {
  if (text === '*') return method === 'OPTIONS';
  for (let at = 0; at < text.length; at++) if (TARGET[text.charCodeAt(at)] !== 1) return false;
  return text.startsWith('/');
}

function isValue(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === CR || code === LF || VALUE[code] !== 1) return false;
  }
  const [first, last] = [text.charCodeAt(0), text.charCodeAt(text.length - 1)];
  return ![first, last].some((code) => code === SPACE || code === TAB);
}
