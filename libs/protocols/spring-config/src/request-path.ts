import { Refusal } from './spring-reply.ts';

/**
 * Segments of a request's path, decoded, `(_)` standing for a slash. Any spelling of `..` is refused, also one that a
 * second decoding would bring to light, and so is the way into `.git`.
 */
export function segmentsOf(path: string): readonly string[] {
  if (path.length > 1 && path.endsWith('/')) throw new Refusal(404);
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((part) => {
    const decoded = decode(part.replace(/;.*$/s, '')).replaceAll('(_)', '/');
    const again = /%[0-9a-f]{2}/i.test(decoded) ? decode(decoded) : decoded;
    if (/\.\.|#|\0|\\/.test(decoded + again)) throw new Refusal(400);
    if (again.split('/').some((name) => name.toLowerCase() === '.git')) throw new Refusal(404);
    return decoded;
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(400);
  }
}

/** The path below `prefix`; undefined for one that is not there. */
export function pathBelowPrefix(prefix: string, path: string): string | undefined {
  if (prefix === '') return path;
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined;
}
