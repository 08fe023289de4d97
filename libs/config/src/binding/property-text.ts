import { JavaDouble, type PropertyValue } from '../property-source.ts';

/** The text of a value as Spring's conversion to String gives it: `8080`, `true`, `1.0`. */
export function textOf(value: PropertyValue): string {
  if (!(value instanceof JavaDouble)) return String(value);
  return Number.isInteger(value.value) ? `${value.value}.0` : String(value.value);
}

/** A comma string as Spring reads a list: trimmed elements, no empty text. */
export function splitCommas(text: string): readonly string[] {
  return text.trim() === '' ? [] : text.split(',').map((item) => item.trim());
}
