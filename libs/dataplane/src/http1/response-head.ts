import { bodyFraming, connectionTokens, markNominated, UNTIL_CLOSE } from '../message/framing.ts';
import { CR, fault, LF, SPACE, VALUE, type Fault } from '../message/grammar.ts';
import { HeaderBlock } from '../message/header-block.ts';
import type { ResponseHead } from '../message/heads.ts';
import { HeaderKind } from '../message/header-kind.ts';
import { scanLines, type HeadText } from './scan-lines.ts';

const BAD_LINE = fault('bad-status-line', 'the answer does not begin with "HTTP/1.1 STATUS reason"');
const BAD_INTERIM = fault('bad-interim-answer', 'an interim answer is HTTP/1.0 or closes the connection');
const BODY_WHERE_NONE = fault('bad-transfer-encoding', 'the answer frames a body where there is none');

/** Reads a whole head, the empty line included. `method` decides whether a body may follow. */
export function parseResponseHead(source: HeadText, method: string, maxHeaderCount: number): ResponseHead | Fault {
  const { text } = source;
  const http10 = text.startsWith('HTTP/1.0 ');
  if (!http10 && !text.startsWith('HTTP/1.1 ')) return BAD_LINE;
  const status = threeDigits(text);
  if (status < 100) return BAD_LINE;
  let at = 12;
  if (text.charCodeAt(at) === SPACE) at++;
  else if (text.charCodeAt(at) !== CR) return BAD_LINE;
  const reasonStart = at;
  while (VALUE[text.charCodeAt(at)] === 1) at++;
  if (text.charCodeAt(at) !== CR || text.charCodeAt(at + 1) !== LF) return BAD_LINE;
  const reason = text.slice(reasonStart, at);
  const headers = new HeaderBlock(text);
  const wrong = scanLines(source, at + 2, headers, maxHeaderCount);
  if (wrong) return wrong;

  let framing = bodyFraming(headers, UNTIL_CLOSE);
  if (typeof framing !== 'number') return framing;
  if (status < 200 || status === 204 || status === 304 || method === 'HEAD') {
    // RFC 9112 6.1: no Transfer-Encoding in 1xx and 204; 304 and HEAD may describe the body that is not there.
    if ((status < 200 || status === 204) && headers.seen & HeaderKind.transferEncoding) return BODY_WHERE_NONE;
    framing = 0;
  }
  let keepAlive = !http10;
  if (headers.seen & HeaderKind.connection) {
    const tokens = connectionTokens(headers);
    keepAlive = http10 ? tokens.includes('keep-alive') && !tokens.includes('close') : !tokens.includes('close');
    markNominated(headers, tokens);
  }
  // HTTP/1.0 knows no interim answers, and none can be the last on its connection: readers part over what follows.
  if (status < 200 && (http10 || !keepAlive)) return BAD_INTERIM;
  return { status, reason, headers, framing, keepAlive };
}

function threeDigits(text: string): number {
  let value = 0;
  for (let at = 9; at < 12; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}
