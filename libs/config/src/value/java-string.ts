import { JavaDouble, type PropertyValue } from '../property-source.ts';

/** The value as Java's `toString` writes it, which is what clients see once they turn a property into text. */
export function javaString(value: PropertyValue): string {
  if (typeof value === 'string') return value;
  if (value instanceof JavaDouble) return javaDoubleString(value.value);
  return String(value);
}

/** `Double.toString`: decimal for 1e-3 <= |x| < 1e7, otherwise `d.dddE±n`; always at least one fraction digit. */
export function javaDoubleString(number: number): string {
  if (!Number.isFinite(number)) return String(number);
  if (number === 0) return Object.is(number, -0) ? '-0.0' : '0.0';
  const [mantissa = '', exponentText = '0'] = Math.abs(number).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const exponent = Number(exponentText);
  const sign = number < 0 ? '-' : '';
  if (exponent < -3 || exponent >= 7) return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

/** The value as JSON with Java's number forms, for which `JSON.stringify` would write `1` in place of `1.0`. */
export function javaJson(value: PropertyValue | null): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null) return 'null';
  const text = javaString(value);
  const finite = !(value instanceof JavaDouble) || Number.isFinite(value.value);
  return finite ? text : JSON.stringify(text);
}
