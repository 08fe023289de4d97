import { parseDuration, suggest } from '#kernel';
import type { FieldFault } from './problem-document.ts';

type Body = Readonly<Record<string, unknown>>;

/** Reads fields the way people at a shell write them, and collects every fault instead of stopping at the first. */
export class FieldReader {
  readonly faults: FieldFault[] = [];
  readonly #body: Body;

  constructor(body: Body, known: readonly string[]) {
    this.#body = body;
    for (const field of Object.keys(body)) {
      if (known.includes(field)) continue;
      const guess = suggest(field, known);
      const remedy = guess === undefined ? `leave it out; known are ${known.join(', ')}` : `did you mean "${guess}"?`;
      this.#fault(field, `there is no field "${field}"`, remedy);
    }
  }

  text(field: string): string | undefined {
    const value = this.#body[field];
    if (value == null) return undefined;
    const scalar = scalarText(value);
    if (scalar === undefined)
      this.#fault(field, `"${field}" must be a text or a number`, `write it as "${field}": "…"`);
    return scalar?.trim();
  }

  required(field: string, example: string): string {
    const value = this.text(field);
    if (value) return value;
    if (!this.faults.some((fault) => fault.field === field)) {
      this.#fault(field, `"${field}" is missing or empty`, `add it, for example "${field}": ${example}`);
    }
    return '';
  }

  /** A whole number or the text of one. */
  wholeNumber(field: string, text: string, min: number, max: number): number {
    const value = Number(text);
    if (text === '' || (Number.isInteger(value) && value >= min && value <= max)) return value;
    this.#fault(field, `"${field}" is ${text}, which is no whole number from ${min} to ${max}`, 'correct it');
    return min;
  }

  number(field: string, min: number): number | undefined {
    const text = this.text(field);
    if (text === undefined || text === '') return undefined;
    const value = Number(text);
    if (Number.isFinite(value) && value >= min) return value;
    this.#fault(field, `"${field}" is ${text}, which is no number of ${min} or more`, 'correct it or leave it out');
    return undefined;
  }

  flag(field: string): boolean {
    const text = this.text(field)?.toLowerCase() ?? 'false';
    if (text !== 'true' && text !== 'false') {
      this.#fault(field, `"${field}" is ${text}, which is neither true nor false`, 'write true or leave it out');
    }
    return text === 'true';
  }

  oneOf<T extends string>(field: string, choices: readonly T[], absent: T): T {
    const text = this.text(field);
    if (text === undefined || text === '') return absent;
    const choice = choices.find((candidate) => candidate === text.toUpperCase());
    if (choice !== undefined) return choice;
    this.#fault(field, `"${field}" is ${text}, which is not known here`, `use one of ${choices.join(', ')}`);
    return absent;
  }

  /** `30`, `"30"`, `"30s"`, `"2m"`, `"PT30S"`: bare numbers are seconds. */
  duration(field: string, absentMs: number, minMs: number, maxMs: number): number {
    const text = this.text(field);
    if (text === undefined || text === '') return absentMs;
    const ms = parseDuration(text, 's');
    if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
    const message = `"${field}" is ${text}, which is no time from ${minMs / 1_000} s to ${maxMs / 3_600_000} h`;
    this.#fault(field, message, `write seconds or a unit, for example "${field}": "30s"`);
    return absentMs;
  }

  /** A flat map of scalars. */
  textMap(field: string): Readonly<Record<string, string>> {
    const value = this.#body[field];
    if (value == null) return {};
    if (typeof value !== 'object' || Array.isArray(value)) {
      this.#fault(field, `"${field}" must be an object`, `write it as "${field}": {"key": "value"}`);
      return {};
    }
    const map: Record<string, string> = {};
    for (const [key, item] of Object.entries(value)) {
      const scalar = scalarText(item);
      if (scalar !== undefined) map[key] = scalar;
      else if (item !== null) this.#fault(`${field}.${key}`, `"${field}.${key}" must be text`, 'flatten it');
    }
    return map;
  }

  #fault(field: string, message: string, remedy: string): void {
    this.faults.push({ field, message, remedy });
  }
}

/** Text of a JSON scalar; undefined for null, objects and lists. */
function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
