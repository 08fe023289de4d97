import { isIP } from 'node:net';
import type { Report } from './report.ts';

/** RFC 9110's token: what a header or method may be named. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** A group that repeats inside and is repeated itself, `(a+)+`: the time of a mismatch may double per character. */
const NESTED_REPETITION = /\((?:[^()\\]|\\.)*[^()\\][*+](?:[^()\\]|\\.)*\)(?:[*+]|\{\d+,\d*\})/;

export function checkToken(text: string, what: string, report: Report): void {
  if (!TOKEN.test(text)) {
    report.error('bad-name', `"${text}" is no ${what}`, 'use letters, digits and hyphens');
  }
}

export function checkHeaderValue(text: string, report: Report): void {
  if (/[^\P{Cc}\t]/u.test(text)) {
    report.error(
      'bad-header-value',
      `the header value ${JSON.stringify(text)} holds a control character`,
      'write it in one line',
    );
  }
}

export function checkRegex(source: string, report: Report): void {
  try {
    RegExp(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : '';
    report.error('bad-regex', `"${source}" is not a valid regular expression: ${reason}`, 'correct the expression');
    return;
  }
  if (NESTED_REPETITION.test(source)) {
    report.warning(
      'slow-regex',
      `"${source}" repeats a repetition: some texts may take very long to fail`,
      'write it without a repeated group that repeats inside',
    );
  }
}

export function checkAddressBlock(text: string, report: Report): void {
  if (!isAddressBlock(text)) {
    report.error('bad-address-block', `"${text}" is not an address block`, 'write it as 10.0.0.0/8 or 10.1.2.3');
  }
}

export function isAddressBlock(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** A number within bounds, both inclusive. */
export function checkRange(value: number | undefined, what: string, low: number, high: number, report: Report): void {
  if (value === undefined || (value >= low && value <= high)) return;
  const bounds = high === Number.MAX_VALUE ? `at least ${low}` : `from ${low} to ${high}`;
  report.error('out-of-range', `${what} is ${value}`, `it must be ${bounds}`);
}

export function checkAbsolutePath(path: string, what: string, report: Report): void {
  if (!path.startsWith('/')) report.error('bad-path', `${what} "${path}" does not begin with "/"`, `write "/${path}"`);
}
