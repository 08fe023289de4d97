import { bodyFraming, CHUNKED, connectionTokens, markNominated } from '../message/framing.ts';
import { isAuthority } from '../message/authority.ts';
import { CR, equalsIgnoringCase, fault, LF, SPACE, TARGET, TOKEN, type Fault } from '../message/grammar.ts';
import type { HeadLimits, RequestHead } from '../message/heads.ts';
import { HeaderBlock } from '../message/header-block.ts';
import { HeaderKind } from '../message/header-kind.ts';
import { scanLines, type HeadText } from './scan-lines.ts';

const BAD_LINE = fault('bad-request-line', 'the request line is not "METHOD target HTTP/1.1"');
const BAD_VERSION = fault('bad-version', 'only HTTP/1.0 and HTTP/1.1 are spoken here', 505);
const LONG_TARGET = fault('target-too-long', 'the request target is too long', 414);
const BAD_TARGET = fault('bad-target', 'the request target is neither a path nor an absolute http URI');
const TUNNEL = fault('connect-refused', 'CONNECT is not offered', 405);
const BAD_HOST = fault('bad-host', 'the request needs exactly one valid Host header');
const OTHER_HOST = fault('host-mismatch', 'the target names another host than the Host header');
const BODY_IN_HTTP10 = fault('chunked-in-http10', 'HTTP/1.0 knows no transfer codings');
const BAD_EXPECTATION = fault('bad-expectation', 'the only expectation understood is 100-continue', 417);

/** Reads a whole head, the empty line included. */
export function parseRequestHead(source: HeadText, limits: HeadLimits): RequestHead | Fault {
  const { text } = source;
  let at = 0;
  while (TOKEN[text.charCodeAt(at)] === 1) at++;
  if (at === 0 || text.charCodeAt(at) !== SPACE) return BAD_LINE;
  const method = text.slice(0, at);
  const targetStart = ++at;
  while (TARGET[text.charCodeAt(at)] === 1) at++;
  const targetEnd = at;
  if (targetEnd === targetStart || text.charCodeAt(at) !== SPACE) return BAD_LINE;
  if (targetEnd - targetStart > limits.maxTargetBytes) return LONG_TARGET;
  if (text.charCodeAt(at + 9) !== CR || text.charCodeAt(at + 10) !== LF) return BAD_LINE;
  if (!text.startsWith('HTTP/', at + 1)) return BAD_LINE;
  const http10 = text.startsWith('1.0', at + 6);
  if (!http10 && !text.startsWith('1.1', at + 6)) return BAD_VERSION;
  const headers = new HeaderBlock(text);
  const wrong = scanLines(source, at + 11, headers, limits.maxHeaderCount);
  if (wrong) return wrong;
  return complete(method, text.slice(targetStart, targetEnd), http10, headers);
}

function complete(method: string, target: string, http10: boolean, headers: HeaderBlock): RequestHead | Fault {
  if (method === 'CONNECT') return TUNNEL;
  const { seen } = headers;
  let authority = '';
  if (seen & HeaderKind.host) {
    authority = headers.ofKind(HeaderKind.host) ?? '';
    if (headers.repeats & HeaderKind.host || !isAuthority(authority)) return BAD_HOST;
  } else if (!http10) return BAD_HOST;

  const form = readTarget(method, target, authority);
  if ('code' in form) return form;

  const framing = bodyFraming(headers, 0);
  if (typeof framing !== 'number') return framing;
  if (http10 && framing === CHUNKED) return BODY_IN_HTTP10;
  if (seen & HeaderKind.expect && !isContinue(headers)) return BAD_EXPECTATION;

  let keepAlive = !http10;
  let upgrade: string | undefined;
  if (seen & HeaderKind.connection) {
    const tokens = connectionTokens(headers);
    keepAlive = http10 ? tokens.includes('keep-alive') && !tokens.includes('close') : !tokens.includes('close');
    if (tokens.includes('upgrade') && !http10 && framing === 0) upgrade = upgradeOf(headers);
    markNominated(headers, tokens);
  }
  const { path, query } = form;
  return {
    method,
    target,
    path,
    query,
    authority: form.authority,
    http10,
    headers,
    framing,
    keepAlive,
    upgrade,
  };
}

interface TargetForm {
  readonly path: string;
  readonly query: string | undefined;
  readonly authority: string;
}

function readTarget(method: string, target: string, authority: string): TargetForm | Fault {
  if (target.charCodeAt(0) === 0x2f) return split(target, authority);
  if (target === '*') return method === 'OPTIONS' ? { path: '*', query: undefined, authority } : BAD_TARGET;
  const prefix = equalsIgnoringCase(target, 0, 'http://') ? 7 : equalsIgnoringCase(target, 0, 'https://') ? 8 : 0;
  if (prefix === 0) return BAD_TARGET;
  const end = target.slice(prefix).search(/[/?]/);
  const named = end < 0 ? target.slice(prefix) : target.slice(prefix, prefix + end);
  if (named === '' || !isAuthority(named)) return BAD_TARGET;
  // RFC 9112 3.2.2 lets the target win; servers behind us may not agree, so a difference is refused.
  if (authority !== '' && named.toLowerCase() !== authority.toLowerCase()) return OTHER_HOST;
  const rest = end < 0 ? '/' : target.slice(prefix + end);
  return split(rest.startsWith('/') ? rest : `/${rest}`, named);
}

function split(target: string, authority: string): TargetForm {
  const question = target.indexOf('?');
  return question < 0
    ? { path: target, query: undefined, authority }
    : { path: target.slice(0, question), query: target.slice(question + 1), authority };
}

function isContinue(headers: HeaderBlock): boolean {
  return headers.allOfKind(HeaderKind.expect).every((value) => value.toLowerCase() === '100-continue');
}

/** An upgrade to h2c would carry requests past every check, so it is never passed on. */
function upgradeOf(headers: HeaderBlock): string | undefined {
  const values = headers.allOfKind(HeaderKind.upgrade);
  const value = values[0];
  if (values.length !== 1 || value === undefined || value === '') return undefined;
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:\/[!#$%&'*+\-.^_`|~0-9A-Za-z]+)?$/.test(value) && !/^h2c?$/i.test(value)
    ? value
    : undefined;
}
