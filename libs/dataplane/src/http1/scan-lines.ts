import { COLON, CR, fault, LF, TOKEN, VALUE, type Fault } from '../message/grammar.ts';
import type { HeaderBlock } from '../message/header-block.ts';
import { classify } from '../message/header-kind.ts';

/** A head as text and as the bytes that it was made from: checking bytes costs a third of checking characters. */
export interface HeadText {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** Where in `bytes` the text begins. */
  readonly base: number;
}

export function headText(text: string): HeadText {
  return { text, bytes: Buffer.from(text, 'latin1'), base: 0 };
}

export const TOO_MANY_HEADERS = fault('too-many-headers', 'the message has too many header lines', 431);
const BAD_NAME = fault('bad-header-name', 'a header line does not begin with a name and a colon');
const BAD_VALUE = fault(
  'bad-header-value',
  'a header value holds a forbidden character, or its line does not end with CRLF',
);

/**
 * Reads header lines from `from` to the empty line that ends the head, marking each in `block`; answers the first fault.
 * One pass: names are tokens directly before the colon, so a folded line or a space before the colon is a bad name.
 */
export function scanLines(head: HeadText, from: number, block: HeaderBlock, maxCount: number): Fault | undefined {
  const { text, bytes, base } = head;
  const end = base + text.length;
  let at = base + from;
  let count = 0;
  for (;;) {
    if (bytes[at] === CR) return bytes[at + 1] === LF && at + 2 === end ? undefined : BAD_VALUE;
    const start = at;
    while (TOKEN[bytes[at] ?? 0] === 1) at++;
    const colon = at;
    if (colon === start || bytes[at] !== COLON) return BAD_NAME;
    at++;
    while (VALUE[bytes[at] ?? 0] === 1) at++;
    if (bytes[at] !== CR || bytes[at + 1] !== LF) return BAD_VALUE;
    if (++count > maxCount) return TOO_MANY_HEADERS;
    block.mark(start - base, colon - base, at - base, classify(text, start - base, colon - base));
    at += 2;
  }
}
