/**
 * Replaces `${key}` and `${key:default}`, nested ones too. What is not known stays as written, as Spring Boot's Binder
 * has it; `\\${` is a literal `${`.
 */
export function resolveText(
  text: string,
  lookUp: (key: string) => string | undefined,
  visiting: readonly string[] = [],
): string {
  let resolved = '';
  let at = 0;
  for (let start = text.indexOf('${'); start >= 0; start = text.indexOf('${', at)) {
    const end = closingBrace(text, start + 2);
    if (end < 0) break;
    const whole = text.slice(start, end + 1);
    if (text[start - 1] === '\\') resolved += text.slice(at, start - 1) + whole;
    else resolved += text.slice(at, start) + (valueOf(text.slice(start + 2, end), lookUp, visiting) ?? whole);
    at = end + 1;
  }
  return resolved + text.slice(at);
}

function valueOf(
  inside: string,
  lookUp: (key: string) => string | undefined,
  visiting: readonly string[],
): string | undefined {
  const name = resolveText(inside, lookUp, visiting);
  const whole = known(name, lookUp, visiting);
  const colon = name.indexOf(':');
  if (whole !== undefined || colon < 0) return whole;
  return known(name.slice(0, colon), lookUp, visiting) ?? name.slice(colon + 1);
}

/** A key that leads back to itself counts as unknown. */
function known(
  key: string,
  lookUp: (key: string) => string | undefined,
  visiting: readonly string[],
): string | undefined {
  if (visiting.includes(key)) return undefined;
  const value = lookUp(key);
  return value === undefined ? undefined : resolveText(value, lookUp, [...visiting, key]);
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('${', at)) depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}
