// Numbers as people here write them: thin-space thousands, a true minus, ± and n beside a figure.
import { locale } from './lang';

export const thin = '\u2009';
export const nbsp = '\u00a0';
export const minus = '\u2212';

function tidy(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, thin).replace(/-/g, minus);
}

/** `digits` places exactly; whole numbers by default. English keeps thin spaces too. */
export function number(value: number, digits = 0): string {
  const parts = new Intl.NumberFormat(locale(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).formatToParts(value === 0 || Math.abs(value) < 0.5 / 10 ** digits ? 0 : value);
  return tidy(parts.map((part) => (part.type === 'group' ? thin : part.value)).join(''));
}

/** With + or −, for changes; zero has no sign. */
export function signed(value: number, digits = 0): string {
  const text = number(Math.abs(value), digits);
  if (Number(Math.abs(value).toFixed(digits)) === 0) return text;
  return (value > 0 ? '+' : minus) + text;
}

/** A fraction 0…1 as per cent: 72,7 %. */
export function percent(fraction: number, digits = 1): string {
  return number(fraction * 100, digits) + nbsp + '%';
}

/** 8,4 ± 0,6 — the half-width is rounded as the value is. */
export function interval(value: number, half: number | null | undefined, digits = 1): string {
  if (half === null || half === undefined) return number(value, digits);
  return `${number(value, digits)}${nbsp}±${nbsp}${number(half, digits)}`;
}

/** 8,4 ± 0,6 · n = 37 */
export function figure(
  value: number,
  half: number | null | undefined,
  n: number,
  digits = 1,
): string {
  return `${interval(value, half, digits)} · n${nbsp}=${nbsp}${number(n)}`;
}

/** Sizes in powers of ten, as disks are sold: 1,4 МБ comes with its unit from the catalogue. */
export function size_parts(bytes: number): { value: string; unit: 'b' | 'kb' | 'mb' | 'gb' } {
  if (bytes >= 1e9) return { value: number(bytes / 1e9, 1), unit: 'gb' };
  if (bytes >= 1e6) return { value: number(bytes / 1e6, 1), unit: 'mb' };
  if (bytes >= 1e3) return { value: number(bytes / 1e3), unit: 'kb' };
  return { value: number(bytes), unit: 'b' };
}
