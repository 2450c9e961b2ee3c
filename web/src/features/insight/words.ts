// A figure in words: a number with its interval and n, or why there is none.
import { t } from '../../lib/lang';
import { interval, nbsp, number } from '../../lib/numbers';
import type { FigureValue } from './queries';

export const wanted_usual = 20;

/** 72,7 ± 3,1 %; an interval cut by the scale is not symmetric and stands as its two ends. */
export function percent_words({ value, low, high }: FigureValue): string {
  if (value === null) return '';
  if (low === null || high === null) return `${number(value, 1)}${nbsp}%`;
  const [below, above] = [value - low, high - value];
  if (Math.abs(below - above) < 0.05) return `${interval(value, above, 1)}${nbsp}%`;
  return `${number(value, 1)}${nbsp}(${number(low, 1)}–${number(high, 1)})${nbsp}%`;
}

export interface Told {
  /** A number, or nothing when the words below tell why. */
  number?: string;
  words?: string;
  n?: string;
}
export function told_of(
  figure: FigureValue,
  unit: string,
  wanted: number = wanted_usual,
  undefined_reason?: string | null,
): Told {
  if (unit === 'count') return { number: number(figure.value ?? figure.n) };
  if (figure.value === null) return { words: undefined_reason ?? t('ui.board.undefined') };
  if (figure.few) return { words: t('ui.board.few', { n: figure.n, wanted }) };
  return { number: percent_words(figure), n: `n${nbsp}=${nbsp}${number(figure.n)}` };
}

/** «1,2 %» of the whole; nothing to divide by gives nothing. */
export function share(part: number, whole: number): string {
  return whole > 0 ? `${number((part / whole) * 100, 1)}${nbsp}%` : '';
}
