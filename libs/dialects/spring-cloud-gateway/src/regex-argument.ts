import type { BoundNode } from '#config';
import { required } from './factory-call.ts';
import { translateJavaRegex } from './java-regex.ts';

/** A required argument that holds a Java pattern, in JavaScript's syntax. */
export function requiredRegex(args: BoundNode, name: string): string | undefined {
  const pattern = required(args, name);
  return pattern === undefined ? undefined : translate(args.at(name), pattern);
}

/** As above, where the argument may be absent. */
export function optionalRegex(args: BoundNode, name: string): string | undefined {
  const pattern = args.string(name);
  return pattern === undefined || pattern === '' ? undefined : translate(args.at(name), pattern);
}

function translate(node: BoundNode, pattern: string): string | undefined {
  const translation = translateJavaRegex(pattern);
  if (translation.kind === 'regex') return translation.source;
  node.report({
    code: 'inexpressible-regex',
    message: `${node.path}: the pattern "${pattern}" cannot be used: ${translation.reason}`,
    remedy: 'write it without Java-only syntax',
  });
  return undefined;
}

/**
 * The replacement that belongs to an expression. `$\\{name}` is how a YAML file writes `${name}` past Spring's
 * placeholders; a group that the expression does not have is a problem.
 */
export function replacementFor(args: BoundNode, name: string, regex: string | undefined): string {
  const text = (args.string(name) ?? '').replaceAll('$\\', '$');
  const missing = regex === undefined ? undefined : missingGroup(text, regex);
  if (missing !== undefined)
    args.at(name).report({
      code: 'unknown-group',
      message: `${args.path}: "${text}" refers to ${missing}, which the pattern does not have`,
      remedy: 'name a group of the pattern, or write \\$ for a dollar sign',
    });
  return text;
}

function missingGroup(replacement: string, regex: string): string | undefined {
  // The empty alternative makes it match, so that the groups can be counted.
  const groups = new RegExp(`${regex}|`).exec('');
  const known = (name: string) => Object.hasOwn(groups?.groups ?? {}, name);
  for (const [whole, , named, digit] of replacement.matchAll(/\\.|\$(\{(\w*)\}|(\d)|)/g)) {
    if (whole.startsWith('\\')) continue;
    const exists = named !== undefined ? known(named) : digit !== undefined && Number(digit) < (groups?.length ?? 1);
    if (!exists) return whole === '$' ? 'no group' : whole;
  }
  return undefined;
}
