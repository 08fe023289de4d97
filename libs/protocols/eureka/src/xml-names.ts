/** XML 1.0 name characters, without the colon: it would claim a namespace and make strict parsers refuse the document. */
const NAME_START = /^[A-Za-z\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{2FF}\u{370}-\u{37D}\u{37F}-\u{1FFF}]$/u;
const NAME = /^[-.0-9A-Za-z\u{B7}\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{37D}\u{37F}-\u{1FFF}]$/u;

/** XStream's coding of map keys as element names: `_` → `__`, `$` → `_-`, what XML forbids → `_.` and four hex digits. */
export function encodeElementName(name: string): string {
  let coded = '';
  for (let i = 0; i < name.length; i++) {
    const char = name.charAt(i);
    if (char === '_') coded += '__';
    else if (char === '$') coded += '_-';
    else if ((i === 0 ? NAME_START : NAME).test(char)) coded += char;
    else coded += `_.${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  }
  return coded;
}

export function decodeElementName(coded: string): string {
  return coded.replace(/_(?:_|-|\.([0-9a-fA-F]{4}))/g, (match, hex: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return match === '__' ? '_' : '$';
  });
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
// Everything that XML 1.0 cannot carry in any form: controls, halves of surrogate pairs, U+FFFE and U+FFFF.
const ILLEGAL =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Text content; characters that no XML document may hold are dropped. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char).replace(ILLEGAL, '');
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeReference(match: string, name?: string, decimal?: string, hex?: string): string {
  if (name !== undefined) return NAMED[name] ?? match;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : match;
}

/** The five entities of XML and character references; unknown ones stay as they are. */
export function unescapeText(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:(lt|gt|amp|quot|apos)|#(\d+)|#x([0-9a-fA-F]+));/g, decodeReference);
}
