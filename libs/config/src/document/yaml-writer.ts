import { JavaDouble, type PropertyValue } from '../property-source.ts';
import { javaString } from '../value/java-string.ts';
import { yamlTextOf, type TextPlace } from './yaml-text-writer.ts';

/** Values nested as a file would have them. */
export type ValueTree = PropertyValue | null | ValueTree[] | Map<string, ValueTree>;

/** Keys from this length on stand alone behind `? `. */
const LONG_KEY = 128;

/** Block YAML, byte for byte what SnakeYAML dumps: clients compare and cache these texts. */
export function writeYaml(root: ValueTree): string {
  return `${nodeText(root, 0, 0)}\n`;
}

/** `column` is where the cursor stands; further lines begin at `indent`. */
function nodeText(node: ValueTree, indent: number, column: number): string {
  if (Array.isArray(node)) return node.length === 0 ? '[]' : listText(node, indent);
  if (node instanceof Map) return node.size === 0 ? '{}' : mapText(node, indent);
  return scalarText(node, { column, indent: indent + 2, isKey: false });
}

function mapText(map: ReadonlyMap<string, ValueTree>, indent: number): string {
  return [...map].map(([key, value]) => entryText(key, value, indent)).join(`\n${' '.repeat(indent)}`);
}

function entryText(key: string, value: ValueTree, indent: number): string {
  const simple = key !== '' && key.length < LONG_KEY && !/[\n\u0085\u2028\u2029]/.test(key);
  const keyText = yamlTextOf(key, { column: indent + (simple ? 0 : 2), indent: indent + 2, isKey: simple });
  const head = simple ? `${keyText}:` : `? ${keyText}\n${' '.repeat(indent)}:`;
  const column = indent + (simple ? keyText.length : 0) + 2;
  if (value instanceof Map && value.size > 0) {
    if (!simple) return `${head} ${mapText(value, indent + 2)}`;
    return `${head}\n${' '.repeat(indent + 2)}${mapText(value, indent + 2)}`;
  }
  // Lists are not indented below their key.
  if (Array.isArray(value) && value.length > 0) {
    if (!simple) return `${head} ${listText(value, indent + 2)}`;
    return `${head}\n${' '.repeat(indent)}${listText(value, indent)}`;
  }
  return `${head} ${nodeText(value, indent, column)}`;
}

function listText(list: readonly ValueTree[], indent: number): string {
  return list
    .map((item) => {
      const nested = (Array.isArray(item) && item.length > 0) || (item instanceof Map && item.size > 0);
      return `- ${nodeText(item, nested ? indent + 2 : indent, indent + 2)}`;
    })
    .join(`\n${' '.repeat(indent)}`);
}

function scalarText(value: PropertyValue | null, place: TextPlace): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return yamlTextOf(value, place);
  if (!(value instanceof JavaDouble) || Number.isFinite(value.value)) return javaString(value);
  if (Number.isNaN(value.value)) return '.NaN';
  return value.value < 0 ? '-.inf' : '.inf';
}
