const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
};
const FORM = /^([+-]?\d+)\s*([a-z]{0,2})$/i;

/** Bytes of a size as Spring's DataSize reads it: `16000`, `16KB`, `5MB` (powers of 1024). Undefined for anything else. */
export function parseDataSize(text: string, defaultUnit = 'B'): number | undefined {
  const form = FORM.exec(text.trim());
  if (!form) return undefined;
  const unit = UNITS[(form[2] === '' ? defaultUnit : (form[2] ?? defaultUnit)).toUpperCase()];
  return unit === undefined ? undefined : Number(form[1]) * unit;
}
