import { COLON, CR, fault, LF, TOKEN, VALUE, type Fault } from './grammar.ts';
import type { HeaderBlock } from './header-block.ts';
import { classify } from './header-kind.ts';

export const TOO_MANY_HEADERS = fault('too-many-headers', 'the message has too many header lines', 431);
const BAD_NAME = fault('bad-header-name', 'a header line does not begin with a name and a colon');
const BAD_VALUE = fault(
  'bad-header-value',
  'a header value holds a forbidden character, or its line does not end with CRLF',
);

/**
 * Reads header lines from `at` to the empty line that ends the text, marking each in `block`; answers the first fault.
 * One pass: names are tokens directly before the colon, so a folded line or a space before the colon is a bad name.
 */
export function scanLines(text: string, at: number, block: HeaderBlock, maxCount: number): Fault | undefined {
  let count = 0;
  for (;;) {
    if (text.charCodeAt(at) === CR) {
      return text.charCodeAt(at + 1) === LF && at + 2 === text.length ? undefined : BAD_VALUE;
    }
    const start = at;
    while (TOKEN[text.charCodeAt(at)] === 1) at++;
    const colon = at;
    if (colon === start || text.charCodeAt(at) !== COLON) return BAD_NAME;
    at++;
    while (VALUE[text.charCodeAt(at)] === 1) at++;
    if (text.charCodeAt(at) !== CR || text.charCodeAt(at + 1) !== LF) return BAD_VALUE;
    if (++count > maxCount) return TOO_MANY_HEADERS;
    block.mark(start, colon, at, classify(text, start, colon));
    at += 2;
  }
}
