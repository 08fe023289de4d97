import type { HeaderBlock } from '../message/header-block.ts';
import { BODYLESS_HOP, HOP_BY_HOP } from '../message/header-kind.ts';

/** Fields of an answer as `respond` takes them: name, value, name, value. Order and repeats are kept. */
export function fieldList(status: number, headers: HeaderBlock, without?: RegExp): string[] {
  const list = [':status', `${status}`];
  for (const [name, value] of headers.kept(status === 204 ? BODYLESS_HOP : HOP_BY_HOP)) {
    const lowerName = name.toLowerCase();
    if (without?.test(lowerName) !== true) list.push(lowerName, value);
  }
  return list;
}

/** Fields by name, for interim answers and trailers, which `node:http2` does not take as a list. */
export function fieldsByName(headers: HeaderBlock): Record<string, string[]> {
  const fields = new Map<string, string[]>();
  // Lengths say nothing here, and nghttp2 would hold them against the body.
  for (const [name, value] of headers.kept(BODYLESS_HOP)) {
    const lowerName = name.toLowerCase();
    const values = fields.get(lowerName);
    if (values) values.push(value);
    else fields.set(lowerName, [value]);
  }
  return Object.fromEntries(fields);
}
