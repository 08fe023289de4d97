import { parseDuration } from '#kernel';

/** Why a value cannot be used, as the end of a sentence: `is not a port`. */
export interface Refusal {
  readonly reason: string;
  readonly remedy: string;
}

/** One row of an app's table of settings: what the key is, what it means and what it is without anybody saying so. */
export interface SettingDefinition<T> {
  /** Canonical, kebab-case. */
  readonly key: string;
  /** Older or foreign names for the same thing; the canonical key wins. */
  readonly aliases: readonly string[];
  readonly kind: string;
  readonly unit?: string;
  /** The only values there are. */
  readonly choices?: readonly string[];
  readonly fallback: T;
  readonly doc: string;
  /** True: reads `key[0]`, `key[1]`… or one comma-separated text. */
  readonly list: boolean;
  /** True: reads every key below `key`; `parse` gets the rest of each key, then its value, in turn. */
  readonly below?: true;
  /** Answers the value, or why it cannot be one. Texts are trimmed. */
  parse(texts: readonly string[]): { readonly value: T } | Refusal;
}

export type SettingsSchema = Readonly<Record<string, SettingDefinition<unknown>>>;

export type SettingsOf<S extends SettingsSchema> = {
  readonly [K in keyof S]: S[K] extends SettingDefinition<infer T> ? T : never;
};

interface Extra {
  readonly aliases?: readonly string[];
  readonly unit?: string;
}

type Parse<T> = (text: string) => { readonly value: T } | Refusal;

function define<T>(
  kind: string,
  key: string,
  fallback: T,
  doc: string,
  extra: Extra | undefined,
  parse: Parse<T>,
): SettingDefinition<T> {
  return { aliases: [], ...extra, kind, key, fallback, doc, list: false, parse: (texts) => parse(texts[0] ?? '') };
}

function parseInteger(text: string, least: number, most: number, noun: string): { readonly value: number } | Refusal {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return { value };
  return { reason: `is not ${noun}`, remedy: `give a whole number from ${least} to ${most}` };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

export function text<T extends string | undefined>(key: string, fallback: T, doc: string, extra?: Extra) {
  return define<string | T>('text', key, fallback, doc, extra, (value) => ({ value }));
}

export function integer(key: string, fallback: number, doc: string, range: readonly [number, number], extra?: Extra) {
  return define('integer', key, fallback, doc, extra, (value) =>
    parseInteger(value, range[0], range[1], 'in the range that this takes'),
  );
}

/** A TCP port; 0 lets the system choose a free one. */
export function port(key: string, fallback: number, doc: string, extra?: Extra) {
  return define('port', key, fallback, doc, extra, (value) => parseInteger(value, 0, 65_535, 'a port'));
}

export function flag(key: string, fallback: boolean, doc: string, extra?: Extra) {
  return define('flag', key, fallback, doc, extra, (value) => {
    if (/^(true|on|yes|1)$/i.test(value)) return { value: true };
    if (/^(false|off|no|0)$/i.test(value)) return { value: false };
    return { reason: 'is neither true nor false', remedy: 'write `true` or `false`' };
  });
}

/** Milliseconds, written as Spring Boot takes it: `500ms`, `30s`, `PT1M`; bare numbers have `unit` (default ms). */
export function duration(key: string, fallback: number, doc: string, extra?: Extra) {
  return define('duration', key, fallback, doc, { unit: 'ms', ...extra }, (value) => {
    const ms = parseDuration(value, extra?.unit ?? 'ms');
    if (ms !== undefined && ms >= 0) return { value: ms };
    return { reason: 'is not a duration', remedy: 'write it like 500ms, 30s, 5m or PT1M' };
  });
}

/** Bytes, written as Spring's DataSize: `64KB`, `1MB`, `4096`. */
export function dataSize(key: string, fallback: number, doc: string, extra?: Extra) {
  return define('size', key, fallback, doc, { unit: 'bytes', ...extra }, (value) => {
    const match = /^(\d+)\s*([a-z]*)$/i.exec(value);
    const factor = UNITS[(match?.[2] ?? '?').toLowerCase()];
    if (match?.[1] !== undefined && factor !== undefined) return { value: Number(match[1]) * factor };
    return { reason: 'is not a size', remedy: 'write it like 512KB or 10MB' };
  });
}

export function choice<const T extends string>(
  key: string,
  among: readonly T[],
  fallback: T,
  doc: string,
  extra?: Extra,
) {
  const definition = define<T>('choice', key, fallback, doc, extra, (value) => {
    const found = among.find((candidate) => candidate.toLowerCase() === value.toLowerCase());
    if (found !== undefined) return { value: found };
    return { reason: 'is not known here', remedy: `choose one of ${among.join(', ')}` };
  });
  return { ...definition, choices: among };
}

const SCHEMES = /^(https?|rediss?|consul(\+https)?):$/;

export function url<T extends string | undefined>(key: string, fallback: T, doc: string, extra?: Extra) {
  return define<string | T>('url', key, fallback, doc, extra, (value) => {
    const parsed = URL.parse(value);
    const known = parsed !== null && parsed.hostname !== '' && SCHEMES.test(parsed.protocol);
    if (known) return { value: value.replace(/\/+$/, '') };
    return { reason: 'is not a URL', remedy: 'write it like http://127.0.0.1:8761' };
  });
}

export function texts(
  key: string,
  fallback: readonly string[],
  doc: string,
  extra?: Extra,
): SettingDefinition<readonly string[]> {
  return {
    aliases: [],
    ...extra,
    kind: 'list',
    key,
    fallback,
    doc,
    list: true,
    parse: (values) => ({ value: values }),
  };
}

/** All keys below one, by what follows it: `key.a.b` is `a.b`, `key[0].a` is `[0].a`. */
export function entries(key: string, doc: string): SettingDefinition<Readonly<Record<string, string>>> {
  return {
    aliases: [],
    kind: 'map',
    key,
    fallback: {},
    doc,
    list: false,
    below: true,
    parse(texts) {
      const value: Record<string, string> = {};
      for (let at = 0; at + 1 < texts.length; at += 2) value[texts[at] ?? ''] = texts[at + 1] ?? '';
      return { value };
    },
  };
}
