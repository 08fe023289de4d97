import type { Detail, Syntax } from './representation.ts';

interface MediaRange {
  readonly type: string;
  readonly quality: number;
}

const OFFERED: readonly (readonly [string, Syntax])[] = [
  ['application/xml', 'xml'],
  ['application/json', 'json'],
];

/**
 * Syntax of a single instance, a status page or a conflict: the range with the highest q-value wins, at equal weight the
 * one written first; none and `*` mean XML. Undefined: neither is accepted (406).
 */
export function negotiate(accept: string | undefined): Syntax | undefined {
  if (accept === undefined || accept.trim() === '') return 'xml';
  let best: Syntax | undefined;
  let bestQuality = 0;
  for (const range of mediaRanges(accept)) {
    const offer = OFFERED.find(([type]) => covers(range.type, type));
    if (offer !== undefined && range.quality > bestQuality) [best, bestQuality] = [offer[1], range.quality];
  }
  return best;
}

/** Syntax of a list: acceptable as above, and then JSON if the header holds `json` anywhere, whatever its weight. */
export function negotiateList(accept: string | undefined): Syntax | undefined {
  if (negotiate(accept) === undefined) return undefined;
  return accept?.includes('json') === true ? 'json' : 'xml';
}

/** `X-Eureka-Accept`: anything but `compact` is full. */
export function detailOf(eurekaAccept: string | undefined): Detail {
  return eurekaAccept?.trim().toLowerCase() === 'compact' ? 'compact' : 'full';
}

export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  return acceptEncoding?.includes('gzip') === true;
}

export interface RequestType {
  readonly syntax: Syntax;
  readonly encoding: BufferEncoding;
}

/** Type of a request body; undefined for what Eureka does not take (415). */
export function requestType(contentType: string | undefined): RequestType | undefined {
  const [type, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  const syntax = OFFERED.find(([offered]) => offered === type)?.[1];
  if (syntax === undefined) return undefined;
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  if (charset === undefined || charset === 'utf-8') return { syntax, encoding: 'utf8' };
  return charset === 'iso-8859-1' ? { syntax, encoding: 'latin1' } : undefined;
}

function mediaRanges(accept: string): readonly MediaRange[] {
  return accept.split(',').map((part) => {
    const [type, ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = weight === undefined ? 1 : Number(weight.slice(2));
    return { type: type ?? '', quality: Number.isFinite(quality) ? quality : 1 };
  });
}

function covers(range: string, type: string): boolean {
  return range === type || range === '*/*' || range === '*' || range === 'application/*';
}
