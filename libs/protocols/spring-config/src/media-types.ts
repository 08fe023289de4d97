export const V2 = 'application/vnd.spring-cloud.config-server.v2+json';

/** Which form of an Environment a client wants: by weight, then by order; undefined when it takes neither. */
export function formOf(accept: string | undefined): 'v1' | 'v2' | undefined {
  for (const type of acceptedTypes(accept)) {
    if (type === V2) return 'v2';
    if (['application/json', 'application/*', '*/*'].includes(type)) return 'v1';
  }
  return undefined;
}

/** Texts are labelled as the client wants to have them; what they are nobody looks at. */
export function textTypeOf(accept: string | undefined): string {
  const type = acceptedTypes(accept).find((each) => !each.includes('*')) ?? 'text/plain';
  return type === 'application/json' || type === V2 ? type : `${type};charset=UTF-8`;
}

function acceptedTypes(accept: string | undefined): readonly string[] {
  const entries = (accept ?? '*/*').split(',').map((entry) => {
    const [type = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    return { type: type === '' ? '*/*' : type, weight: Number(weight) };
  });
  return entries
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ type }) => type);
}

const SAFE_EXTENSION =
  /^(?:txt|text|yml|yaml|properties|csv|json|xml|atom|rss|png|jpe?|jpeg|jpg|gif|wbmp|bmp|svg|webp|mp3|mp4|wav)$/i;

/** Against browsers that run what they download: a name for paths that end like a file of an unknown kind. */
export function dispositionOf(lastSegment: string): Readonly<Record<string, string>> {
  const extension = /\.([^./]+)$/.exec(lastSegment)?.[1];
  if (extension === undefined || SAFE_EXTENSION.test(extension)) return {};
  return { 'content-disposition': 'inline;filename=f.txt' };
}

/** Reads bytes in the first charset of `Accept-Charset` that is known here. */
export function decodeText(bytes: Buffer, acceptCharset: string | undefined): string {
  for (const entry of (acceptCharset ?? '').split(',')) {
    const charset = entry.replace(/;.*$/s, '').trim();
    if (charset === '' || charset === '*') continue;
    try {
      return new TextDecoder(charset, { ignoreBOM: true }).decode(bytes);
    } catch {
      // Not known here: the next one.
    }
  }
  return bytes.toString('utf8');
}
