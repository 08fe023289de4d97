import { CardeaError } from '#kernel';

export interface PlaceholderOptions {
  /** Read `${ name }` as `${name}`. Spring does in property values, not in texts. Default false. */
  readonly trimNames?: boolean;
  /** What leads back to itself: refuse the text, or leave it as written, as Spring Boot's Binder does. */
  readonly circles?: 'refuse' | 'keep';
}

type Lookup = (name: string) => string | undefined;

/**
 * Fills `${name}` and `${name:default}` from `lookup`, names and defaults nesting, values filled in turn. What is unknown
 * and has no default stays as written; `\${` gives `${`. Throws a CardeaError `circular-placeholder`.
 */
export function resolvePlaceholders(text: string, lookup: Lookup, options: PlaceholderOptions = {}): string {
  return text.includes('${') ? new Resolver(lookup, options).fill(text, []) : text;
}

class Resolver {
  readonly #lookup: Lookup;
  readonly #trim: boolean;
  readonly #keepCircles: boolean;

  constructor(lookup: Lookup, { trimNames = false, circles = 'refuse' }: PlaceholderOptions) {
    this.#lookup = lookup;
    this.#trim = trimNames;
    this.#keepCircles = circles === 'keep';
  }

  fill(text: string, open: readonly string[]): string {
    let result = '';
    let position = 0;
    for (;;) {
      const start = text.indexOf('${', position);
      if (start < 0) return result + text.slice(position);
      const backslashes = text.slice(Math.max(position, start - 2), start).match(/\\+$/)?.[0].length ?? 0;
      if (backslashes > 0) {
        result += `${text.slice(position, start - backslashes)}\${`;
        position = start + 2;
        continue;
      }
      const end = closingBrace(text, start + 2);
      if (end < 0) return result + text.slice(position);
      const inner = text.slice(start + 2, end);
      result += text.slice(position, start) + (this.#value(inner, open) ?? `\${${inner}}`);
      position = end + 1;
    }
  }

  #value(inner: string, open: readonly string[]): string | undefined {
    if (open.includes(inner)) {
      if (this.#keepCircles) return undefined;
      throw new CardeaError('circular-placeholder', `circular placeholder "\${${inner}}"`, {
        source: 'downstream',
        remedy: `break the circle ${[...open, inner].map((name) => `\${${name}}`).join(' -> ')}`,
      });
    }
    const path = [...open, inner];
    const expression = inner.includes('${') ? this.fill(inner, path) : inner;
    const whole = this.#find(expression, path);
    if (whole !== undefined) return whole;
    const colon = inner.includes('${') ? colonOutside(inner) : inner.indexOf(':');
    if (colon < 0) return undefined;
    const name = this.fill(inner.slice(0, colon), path);
    return this.#find(name, path) ?? this.fill(inner.slice(colon + 1), path);
  }

  #find(expression: string, path: readonly string[]): string | undefined {
    const value = this.#lookup(this.#trim ? expression.trim() : expression);
    return value === undefined ? undefined : this.fill(value, path);
  }
}

/** The `}` that closes a placeholder opened before `from`; -1 if none does. */
function closingBrace(text: string, from: number): number {
  let depth = 0;
  for (let index = from; index < text.length; index++) {
    if (text[index] === '}') {
      if (depth-- === 0) return index;
    } else if (text[index] === '{') {
      depth++;
    }
  }
  return -1;
}

/** The first `:` that is not inside a nested placeholder. */
function colonOutside(text: string): number {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '{') depth++;
    else if (text[index] === '}') depth--;
    else if (text[index] === ':' && depth === 0) return index;
  }
  return -1;
}
