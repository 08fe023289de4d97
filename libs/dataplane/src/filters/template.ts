import { CardeaError } from '#kernel';

/** A text with `{name}` places, ready to be filled. */
export type Template = (variables: Readonly<Record<string, string>>) => string;

const asIs = (text: string): string => text;

/**
 * Compiles a text. `literal` treats what the user wrote, `value` what a request brought: the latter is decoded text from
 * the network and must be made safe for its place. A variable that the route does not capture is an error.
 */
export function compileTemplate(
  text: string,
  variables: boolean | undefined,
  value: (text: string) => string,
  literal: (text: string) => string = asIs,
): Template {
  const parts = variables === true ? text.split(/\{([^{}]+)\}/) : [text];
  if (parts.length === 1) {
    const constant = literal(text);
    return () => constant;
  }
  const literals = parts.map((part, index) => (index % 2 === 0 ? literal(part) : part));
  return (values) => {
    let filled = '';
    for (const [index, part] of literals.entries()) filled += index % 2 === 0 ? part : value(lookUp(part, values));
    return filled;
  };
}

function lookUp(name: string, values: Readonly<Record<string, string>>): string {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value !== undefined) return value;
  throw new CardeaError('missing-variable', `no pattern of this route captures {${name}}`, {
    source: 'internal',
    remedy: `add {${name}} to a Path or Host pattern of the route`,
  });
}

const CONTROL = /[^\P{Cc}\t]/u;

/**
 * Decoded text of a request as it may stand in a header value. A control character would end the line and begin
 * another: the request is refused. Beyond ASCII the text becomes its UTF-8 bytes, one character each: headers are
 * written as latin1, which would cut wider characters down to any byte, line ends included.
 */
export function headerText(text: string): string {
  if (!CONTROL.test(text)) return asLatin1(text);
  throw new CardeaError('control-character-in-variable', 'the request puts a control character into a header', {
    source: 'downstream',
  });
}

/** What a user wrote as (part of) a header value, made ready in the same way. */
export function configuredHeaderText(text: string): string {
  if (!CONTROL.test(text)) return asLatin1(text);
  throw new CardeaError('bad-header-value', `the header value ${JSON.stringify(text)} holds a control character`, {
    source: 'internal',
    remedy: 'write the value in one line',
  });
}

function asLatin1(text: string): string {
  return /\P{ASCII}/u.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}
