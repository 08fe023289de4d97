const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const SIMPLE = /^([+-]?\d+(?:\.\d+)?)\s*(ns|us|ms|s|m|h|d)?$/i;
const ISO = /^([+-])?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;

/**
 * Milliseconds of a duration as Spring Boot reads it: `500`, `500ms`, `1.5s`, `2m`, `PT1.5S`, `P1DT2H`.
 * A bare number has `defaultUnit`. Answers undefined for anything else.
 */
export function parseDuration(text: string, defaultUnit = 'ms'): number | undefined {
  const trimmed = text.trim();
  const simple = SIMPLE.exec(trimmed);
  if (simple) {
    const factor = UNITS[(simple[2] ?? defaultUnit).toLowerCase()];
    return factor === undefined ? undefined : Number(simple[1]) * factor;
  }
  const iso = ISO.exec(trimmed);
  if (!iso || /[PT]$/i.test(trimmed)) return undefined;
  const [, sign, days, hours, minutes, seconds] = iso;
  const total =
    Number(days ?? 0) * 86_400_000 +
    Number(hours ?? 0) * 3_600_000 +
    Number(minutes ?? 0) * 60_000 +
    Number(seconds ?? 0) * 1_000;
  return sign === '-' ? -total : total;
}
