import type { SourceLocation } from './wire.ts';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** Stands where a value is not known, so that a column keeps its rhythm. */
export const NONE = '–';

/** The name of a health indicator as words: `controlPlane` is `Control plane`, `livenessState` is `Liveness`. */
export function indicator(name: string): string {
  const words = name.replace(/State$/, '').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function count(value: number): string {
  return value < 100_000 ? whole.format(value) : compact.format(value);
}

/** A rate: one decimal while it is small, because 0.4 requests per second is not 0. */
export function rate(value: number): string {
  return value > 0 && value < 10 ? value.toFixed(1) : count(value);
}

/** A latency in ms: three digits that matter. */
export function latency(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return NONE;
  if (ms === 0) return '0 ms';
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 10_000 ? `${whole.format(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** A span of time, rounded down to its largest unit: `4 s`, `3 min`, `2 h`, `5 d`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

export function ago(ms: number): string {
  return ms < 1000 ? 'now' : `${span(ms)} ago`;
}

export function percent(part: number, total: number): string {
  if (total === 0) return '0 %';
  const share = (100 * part) / total;
  return share > 0 && share < 10 ? `${share.toFixed(1)} %` : `${Math.round(share)} %`;
}

/** `file:line`, the form editors and terminals open. */
export function place(location: SourceLocation | null | undefined): string {
  if (!location) return '';
  return location.line === undefined ? location.file : `${location.file}:${location.line}`;
}

export function timeOfDay(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB');
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
