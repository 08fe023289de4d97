/** Character tables of RFC 9110 and RFC 9112. A head is read as latin1, so every code is below 256. */
function table(accepts: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (accepts(code) ? 1 : 0));
}

const isAlphanumeric = (code: number): boolean => /[A-Za-z0-9]/.test(String.fromCharCode(code));
const among = (characters: string) => (code: number) => characters.includes(String.fromCharCode(code));

/** `tchar`: methods, header names, chunk extensions. */
export const TOKEN = table((code) => code < 128 && (isAlphanumeric(code) || among("!#$%&'*+-.^_`|~")(code)));

/** Field values: tab, space, visible characters and obs-text; no control, no DEL. */
export const VALUE = table((code) => code === 9 || (code >= 0x20 && code !== 0x7f));

/** Request targets: visible ASCII without `#`, which no client may send. */
export const TARGET = table((code) => code > 0x20 && code < 0x7f && code !== 0x23);

/** `uri-host [":" port]` without the sub-delimiters that proxies read differently (comma, `@`, slashes). */
export const AUTHORITY = table((code) => code < 128 && (isAlphanumeric(code) || among("-._~%!$&'()*+;=:[]")(code)));

export const CR = 13;
export const LF = 10;
export const SPACE = 32;
export const TAB = 9;
export const COLON = 58;

/** Why a message was refused: a stable code for logs and the status that tells the client. */
export interface Fault {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

export function fault(code: string, message: string, status = 400): Fault {
  return { code, status, message };
}

/** Case-insensitive comparison of a slice with a name in lower case. Only for ASCII names. */
export function equalsIgnoringCase(text: string, start: number, lowerName: string): boolean {
  for (let index = 0; index < lowerName.length; index++) {
    const code = text.charCodeAt(start + index);
    const wanted = lowerName.charCodeAt(index);
    if (code === wanted) continue;
    if (code < 65 || code > 90 || (code | 0x20) !== wanted) return false;
  }
  return true;
}
