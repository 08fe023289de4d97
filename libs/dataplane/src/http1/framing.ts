import { fault, type Fault } from './grammar.ts';
import type { HeaderBlock } from './header-block.ts';
import { HeaderKind } from './header-kind.ts';

/** A body's length as `Content-Length` tells it; -1: chunked; -2: until the connection closes. */
export const CHUNKED = -1;
export const UNTIL_CLOSE = -2;

const TWO_LENGTHS = fault('two-lengths', 'more than one header line tells where the body ends');
const BAD_LENGTH = fault('bad-content-length', 'Content-Length is not a number of digits');
const BAD_CODING = fault('bad-transfer-encoding', 'the only transfer coding understood is "chunked", alone');

/**
 * How a body is framed by its header lines; `absent` when they say nothing. Any doubt is a fault: two parties that
 * read one message differently are how requests are smuggled.
 */
export function bodyFraming(block: HeaderBlock, absent: number): number | Fault {
  if (!(block.seen & (HeaderKind.contentLength | HeaderKind.transferEncoding))) return absent;
  const lengths = block.allOfKind(HeaderKind.contentLength);
  const codings = block.allOfKind(HeaderKind.transferEncoding);
  if (lengths.length + codings.length > 1) return TWO_LENGTHS;
  if (codings.length > 0) return codings[0]?.toLowerCase() === 'chunked' ? CHUNKED : BAD_CODING;
  const digits = lengths[0] ?? '';
  // Fifteen digits stay exact in a double.
  if (!/^[0-9]{1,15}$/.test(digits)) return BAD_LENGTH;
  return Number(digits);
}

/** Tokens of a Connection header in lower case. */
export function connectionTokens(block: HeaderBlock): string[] {
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
