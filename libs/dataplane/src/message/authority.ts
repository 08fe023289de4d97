import { AUTHORITY } from './grammar.ts';

/** Checks a Host header or `:authority`; empty is allowed. */
export function isAuthority(text: string): boolean {
  if (text === lastAuthority) return true;
  const valid = checkAuthority(text);
  if (valid) lastAuthority = text;
  return valid;
}

/** Most requests of a gateway name the host of the request before. */
let lastAuthority = '';

function checkAuthority(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (AUTHORITY[text.charCodeAt(at)] !== 1) return false;
  const bracket = text.lastIndexOf(']');
  const colon = text.lastIndexOf(':');
  if (colon > bracket) {
    if (text.indexOf(':', bracket + 1) !== colon) return false;
    for (let at = colon + 1; at < text.length; at++) if (!isDigit(text.charCodeAt(at))) return false;
  }
  return bracket < 0 ? !text.includes('[') : /^\[[0-9A-Fa-f:.]+\](?::[0-9]*)?$/.test(text);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
