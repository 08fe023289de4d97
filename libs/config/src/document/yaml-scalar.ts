import { JavaDouble, type PropertyValue } from '../property-source.ts';

/**
 * Plain YAML scalars as SnakeYAML reads them (YAML 1.1 without timestamps): its resolver's patterns, where `y` and `n`
 * are text, `010` is octal and `22:22` a number of base 60.
 */
const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const TRUE = /^(?:yes|true|on)$/i;
const NULL = /^(?:~|null|Null|NULL)?$/;
const INTEGER =
  /^(?:[-+]?0b_*[01][01_]*|[-+]?0_*[0-7][0-7_]*|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x_*[0-9a-fA-F][0-9a-fA-F_]*|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** The typed value of an untagged plain scalar; null is YAML's null. */
export function resolvePlainScalar(text: string): PropertyValue | null {
  if (NULL.test(text)) return null;
  const first = text.charCodeAt(0);
  // Only digits, signs and the dot start a number; most values are words, spare them the long patterns.
  if ((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46) {
    if (INTEGER.test(text)) return integer(text);
    if (FLOAT.test(text)) return new JavaDouble(float(text));
    return text;
  }
  return BOOLEAN.test(text) ? TRUE.test(text) : text;
}

/** True if the text, written plain, would not be read back as text. */
export function looksTyped(text: string): boolean {
  return NULL.test(text) || BOOLEAN.test(text) || INTEGER.test(text) || FLOAT.test(text);
}

function integer(text: string): number | bigint {
  const plain = text.replaceAll('_', '');
  const negative = plain.startsWith('-');
  const digits = plain.replace(/^[-+]/, '');
  let value: bigint;
  if (digits.includes(':')) value = digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  else if (/^0[0-7]+$/.test(digits)) value = BigInt(`0o${digits.slice(1)}`);
  else value = BigInt(digits);
  if (negative) value = -value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function float(text: string): number {
  const plain = text.replaceAll('_', '');
  if (/inf$/i.test(plain)) return plain.startsWith('-') ? -Infinity : Infinity;
  if (/nan$/i.test(plain)) return Number.NaN;
  if (!plain.includes(':')) return Number(plain);
  const sign = plain.startsWith('-') ? -1 : 1;
  return (
    sign *
    plain
      .replace(/^[-+]/, '')
      .split(':')
      .reduce((sum, part) => sum * 60 + Number(part), 0)
  );
}
