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

/** `$\{name}` is how a YAML file writes `${name}` past Spring's placeholders. */
export function replacementText(text: string): string {
  return text.replaceAll('$\\', '$');
}
