/** A comma string as Spring reads a list: trimmed elements, no empty text. */
export function splitCommas(text: string): readonly string[] {
  return text.trim() === '' ? [] : text.split(',').map((item) => item.trim());
}
