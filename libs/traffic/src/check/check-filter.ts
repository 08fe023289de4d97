import type { Filter } from '../filter.ts';
import type { Report } from './report.ts';
import { checkHeaderValue, checkRange, checkRegex, checkToken } from './values.ts';

/** What is wrong with one filter; `captured` are the variables that it may name. */
export function checkFilter(filter: Filter, captured: ReadonlySet<string>, report: Report): void {
  for (const name of textsOf(HEADER_NAMES, filter.kind, filter)) checkToken(name, 'header name', report);
  for (const value of textsOf(HEADER_VALUES, filter.kind, filter)) checkHeaderValue(value, report);
  if (filter.kind === 'rewrite-path' || filter.kind === 'rewrite-header') checkRegex(filter.regex, report);
  if (filter.kind === 'rewrite-location') checkRegex(filter.protocols, report);
  if ('variables' in filter && filter.variables) checkVariables(filter, captured, report);
  checkNumbers(filter, report);
}

function checkNumbers(filter: Filter, report: Report): void {
  if (filter.kind === 'strip-segments') checkRange(filter.count, 'the number of segments', 0, 1_000, report);
  if (filter.kind === 'redirect') checkRange(filter.status, 'the status of a redirect', 300, 399, report);
  if (filter.kind === 'respond') checkRange(filter.status, 'the status', 200, 599, report);
  // Spring accepts numbers that no standard knows.
  if (filter.kind === 'set-status') checkRange(filter.status, 'the status', 200, 999, report);
  if (filter.kind === 'request-size' || filter.kind === 'request-header-size') {
    checkRange(filter.maxBytes, 'the size', 0, Number.MAX_VALUE, report);
  }
  if (filter.kind !== 'rate-limit') return;
  const { limit } = filter;
  checkRange(limit.replenishRate, 'the replenish rate', Number.MIN_VALUE, Number.MAX_VALUE, report);
  checkRange(limit.burstCapacity, 'the burst capacity', 0, Number.MAX_VALUE, report);
  checkRange(limit.requestedTokens, 'the number of requested tokens', 0, Number.MAX_VALUE, report);
  checkRange(limit.status, 'the status of a refusal', 400, 599, report);
  checkRange(limit.emptyKeyStatus, 'the status for an empty key', 400, 599, report);
  if (limit.requestedTokens > limit.burstCapacity) {
    report.warning(
      'always-limited',
      `a request costs ${limit.requestedTokens} tokens, but the bucket holds ${limit.burstCapacity}: all are refused`,
      'raise the burst capacity',
    );
  }
}

function checkVariables(filter: Filter, captured: ReadonlySet<string>, report: Report): void {
  for (const [, name = ''] of JSON.stringify(Object.values(filter)).matchAll(/\{([^{}"]+)\}/g)) {
    if (captured.has(name)) continue;
    report.warning(
      'unknown-variable',
      `filter ${filter.kind} names {${name}}, which no pattern of the route captures: its requests fail`,
      `add {${name}} to a path or host pattern`,
    );
  }
}

type OfKind<K extends Filter['kind']> = Extract<Filter, { kind: K }>;
type Texts = { readonly [K in Filter['kind']]?: (filter: OfKind<K>) => readonly string[] };

function textsOf<K extends Filter['kind']>(texts: Texts, kind: K, filter: OfKind<K>): readonly string[] {
  return texts[kind]?.(filter) ?? [];
}

const HEADER_NAMES: Texts = {
  'add-header': ({ name }) => [name],
  'set-header': ({ name }) => [name],
  'rewrite-header': ({ name }) => [name],
  'remove-header': ({ names }) => names,
  'dedupe-header': ({ names }) => names,
  'copy-header': ({ from, to }) => [from, to],
  'rewrite-location': ({ header }) => [header],
  'uri-from-header': ({ header }) => [header],
  'secure-headers': ({ headers }) => Object.keys(headers),
  'request-header-size': ({ errorHeader }) => [errorHeader],
  respond: ({ headers = {} }) => Object.keys(headers),
  'set-status': ({ originalStatusHeader }) => (originalStatusHeader === undefined ? [] : [originalStatusHeader]),
  'rate-limit': ({ limit: { key } }) => (key.kind === 'header' ? [key.name] : []),
};

const HEADER_VALUES: Texts = {
  'add-header': ({ value, moreValues = [] }) => [value, ...moreValues],
  'set-header': ({ value }) => [value],
  'rewrite-header': ({ replacement }) => [replacement],
  'secure-headers': ({ headers }) => Object.values(headers),
  respond: ({ headers = {} }) => Object.values(headers),
  redirect: ({ location }) => [location],
  'set-host': ({ host }) => [host],
  'prefix-header': ({ prefix }) => [prefix],
};
