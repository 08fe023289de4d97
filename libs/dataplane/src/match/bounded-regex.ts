import { CardeaError } from '#kernel';

/** Longest text a user's expression is run on. Longer text does not match: no expression meant for it exists. */
export const MAX_REGEX_INPUT = 8_192;

/** Compiles an expression that must match the whole text, as Java's `matches()`. */
export function compileFullMatch(source: string, ignoreCase = false): (text: string) => boolean {
  const regex = compileRegex(`^(?:${source})$`, ignoreCase ? 'i' : '', source);
  return (text) => text.length <= MAX_REGEX_INPUT && regex.test(text);
}

/** Compiles a user's expression; a broken one is an error that quotes it. */
export function compileRegex(pattern: string, flags: string, source = pattern): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch (error) {
    throw new CardeaError('bad-regex', `"${source}" is not a valid regular expression`, {
      source: 'internal',
      cause: error,
      remedy: 'correct the expression',
    });
  }
}
