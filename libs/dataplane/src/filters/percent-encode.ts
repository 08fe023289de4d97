/** RFC 3986: what a path may hold unencoded, `/` included. */
const NOT_PATH = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/gu;
const NOT_UNRESERVED = /[^A-Za-z0-9\-._~]/gu;
/** All visible ASCII but `#` and `?`: what came raw and is left alone may be sent raw. */
const RAW_PATH = /^\/[\x21\x22\x24-\x3E\x40-\x7E]*$/;

function encodeCharacter(character: string): string {
  let encoded = '';
  for (const byte of Buffer.from(character, 'utf8')) {
    encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** Encodes a decoded path; `/` stays. */
export function encodePath(text: string): string {
  return text.replace(NOT_PATH, encodeCharacter);
}

/** Encodes all but unreserved characters, as Spring does with query parameters. */
export function encodeStrictly(text: string): string {
  return text.replace(NOT_UNRESERVED, encodeCharacter);
}

/** Encodes what may stand nowhere in a path or query; what is encoded already stays. */
export function encodeIllegal(text: string): string {
  return text.replace(/[^\x21-\x7E]|["<>\\^`{|}#]|%(?![0-9A-Fa-f]{2})/gu, encodeCharacter);
}

/** Whether a rewritten path can stand in a request line: begins with `/`, no blank, control, `?`, `#` or non-ASCII. */
export function isRawPath(path: string): boolean {
  return RAW_PATH.test(path);
}
