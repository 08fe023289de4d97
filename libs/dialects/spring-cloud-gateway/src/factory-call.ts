import { bindProperties, javaString, splitCommas, type BoundNode, type BoundProperties, type Property } from '#config';
import type { Problem, SourceLocation } from '#kernel';

/** One predicate or filter as written: `Path=/a,/b`, or `{name, args}`. */
export interface FactoryCall {
  readonly name: string;
  readonly location: SourceLocation | undefined;
  /** Arguments of the shortcut form, in order. */
  readonly positional: readonly string[];
  /** Arguments of the expanded form. */
  readonly named: BoundNode | undefined;
  /** False for a bare `Name`. */
  readonly hasArguments: boolean;
}

/** Names of the arguments in shortcut order, and whether all of them are one list. */
export interface FactoryShape {
  readonly shortcut: readonly string[];
  /** `list`: every value belongs to the first name. `list-and-flag`: a last true or false belongs to the second. */
  readonly gather?: 'list' | 'list-and-flag';
}

/** Reads one list element under `predicates` or `filters`; undefined when it has no name. */
export function readFactoryCall(node: BoundNode): FactoryCall | undefined {
  const { text } = node;
  if (text !== undefined) return parseShortcut(text, node.location);
  const name = node.string('name');
  if (name === undefined) {
    node.ignore();
    node.report({
      code: 'missing-name',
      message: `${node.path} has no name`,
      remedy: 'write "Name=argument,argument" or the members name and args',
    });
    return undefined;
  }
  const named = node.at('args');
  return { name, location: node.at('name').location, positional: [], named, hasArguments: named.exists };
}

/** `Name=a,b`: split at the first `=`; arguments are trimmed and empty ones dropped. */
export function parseShortcut(text: string, location: SourceLocation | undefined): FactoryCall {
  const equals = text.indexOf('=');
  const name = (equals < 0 ? text : text.slice(0, equals)).trim();
  const positional = equals < 0 ? [] : splitCommas(text.slice(equals + 1)).filter((item) => item !== '');
  return { name, location, positional, named: undefined, hasArguments: equals >= 0 };
}

/** The arguments under their names, whichever form they were written in. */
export function bindArguments(call: FactoryCall, shape: FactoryShape, problems: Problem[]): BoundProperties {
  const own = call.location === undefined ? {} : { origin: call.location };
  const properties = new Map<string, Property>([['', { value: call.name, ...own }]]);
  const written: (readonly [string, Property])[] = call.positional.map((value, index) => [
    shape.shortcut[index] ?? '',
    { value, ...own },
  ]);
  for (const [key, node] of call.named?.flatten() ?? []) {
    const generated = /^_genkey_(\d+)$/.exec(key)?.[1];
    const name = generated === undefined ? key : (shape.shortcut[Number(generated)] ?? '');
    const { property } = node;
    if (property !== undefined) written.push([name, property]);
  }
  if (shape.gather === undefined) {
    for (const [name, property] of written) if (name !== '') properties.set(name, property);
  } else {
    gather(written, shape, properties);
  }
  return bindProperties([{ name: call.name, properties }], { problems, path: call.name, placeholders: false });
}

function gather(
  written: readonly (readonly [string, Property])[],
  shape: FactoryShape,
  into: Map<string, Property>,
): void {
  const [list = '', flag = ''] = shape.shortcut;
  const values = written.map(([, property]) => property).filter(({ value }) => value !== '');
  const last = values.at(-1);
  if (shape.gather === 'list-and-flag' && last !== undefined && /^(true|false)$/i.test(javaString(last.value))) {
    into.set(flag, last);
    values.pop();
  }
  for (const [index, property] of values.entries()) into.set(`${list}[${index}]`, property);
}

/** Text of an argument that must be there. */
export function required(args: BoundNode, name: string): string | undefined {
  const text = args.string(name);
  if (text !== undefined && text !== '') return text;
  args.report({
    code: 'missing-argument',
    message: `${args.path} needs the argument ${name}`,
    remedy: `add ${name}`,
  });
  return undefined;
}
