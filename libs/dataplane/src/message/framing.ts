import { fault, type Fault } from './grammar.ts';
import type { HeaderBlock } from './header-block.ts';
import { HeaderKind } from './header-kind.ts';

/** A body's length as `Content-Length` tells it; -1: chunked; -2: until the connection closes. */
export const CHUNKED = -1;
export const UNTIL_CLOSE = -2;

const TWO_LENGTHS = fault('two-lengths', 'more than one header line tells where the body ends');
const BAD_LENGTH = fault('bad-content-length', 'Content-Length is not a plain decimal number');
const BAD_CODING = fault('bad-transfer-encoding', 'the only transfer coding understood is "chunked", alone');

/**
 * How a body is framed by its header lines; `absent` when they say nothing. Any doubt is a fault: two parties that
 * read one message differently are how requests are smuggled.
 */
export function bodyFraming(block: HeaderBlock, absent: number): number | Fault {
  if (!(block.seen & (HeaderKind.contentLength | HeaderKind.transferEncoding))) return absent;
  // Some readers take a tab before the end of the line for a part of the value.
  const lengths = block.framingValue(HeaderKind.contentLength);
  const coding = block.framingValue(HeaderKind.transferEncoding);
  const repeated = block.repeats & (HeaderKind.contentLength | HeaderKind.transferEncoding);
  if (repeated || (lengths !== undefined && coding !== undefined)) return TWO_LENGTHS;
  if (coding !== undefined) return coding.toLowerCase() === 'chunked' ? CHUNKED : BAD_CODING;
  return decimal(lengths ?? '');
}

/** Digits only, no more of them than stay exact in a double, and no zeros before them: some parsers read octal then. */
function decimal(digits: string): number | Fault {
  const { length } = digits;
  if (length === 0 || length > 15 || (length > 1 && digits.charCodeAt(0) === 48)) return BAD_LENGTH;
  let value = 0;
  for (let at = 0; at < length; at++) {
    const digit = digits.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return BAD_LENGTH;
    value = value * 10 + digit;
  }
  return value;
}

const KEEP_ALIVE = ['keep-alive'] as const;
const CLOSE = ['close'] as const;

/** Tokens of a Connection header in lower case. */
export function connectionTokens(block: HeaderBlock): readonly string[] {
  if (!(block.repeats & HeaderKind.connection)) {
    const only = block.ofKind(HeaderKind.connection);
    if (only === 'keep-alive') return KEEP_ALIVE;
    if (only === 'close') return CLOSE;
  }
  return block
    .allOfKind(HeaderKind.connection)
    .flatMap((value) => value.toLowerCase().split(','))
    .map((token) => token.trim())
    .filter((token) => token !== '');
}

/** Takes the lines that a Connection header names out of what is forwarded. */
export function markNominated(block: HeaderBlock, tokens: readonly string[]): void {
  for (const token of tokens) {
    if (token !== 'close' && token !== 'keep-alive' && token !== 'upgrade') {
      block.reclassify(token, HeaderKind.hopByHop);
    }
  }
}
