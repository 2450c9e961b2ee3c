// A figure in words: a number with its interval and n, or why there is none.
import { t } from '../../lib/lang';
import { interval, minus, nbsp, number } from '../../lib/numbers';
import type { Change, FigureValue } from './queries';

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

export interface ChangeTold {
  text: string;
  /** Better and worse are said only of shares and means, and only where chance is ruled out. */
  tone: 'green' | 'red' | 'quiet';
  trend: 'up' | 'down' | 'same';
}
const signed = (value: number, digits: number) =>
  `${value > 0 ? '+' : value < 0 ? minus : ''}${number(Math.abs(value), digits)}`;

/** «+3,1 ± 4,4 п. п., в пределах погрешности»; nothing where there is nothing to compare. */
export function change_of(change: Change | null, unit: string, few: boolean): ChangeTold | null {
  if (!change || change.difference === null || few) return null;
  const { difference, low, high, clear } = change;
  const digits = unit === 'count' ? 0 : 1;
  const points = unit === 'count' ? '' : `${nbsp}${t('ui.board.points')}`;
  const margin = low === null || high === null ? '' : margin_of(difference, low, high, digits);
  const number_text = `${signed(difference, digits)}${margin}${points}`;
  if (!clear)
    return { text: t('ui.board.within', { change: number_text }), tone: 'quiet', trend: 'same' };
  const up = difference > 0;
  if (unit === 'count') {
    const text = t(up ? 'ui.board.more' : 'ui.board.fewer', { change: number_text });
    return { text, tone: 'quiet', trend: up ? 'up' : 'down' };
  }
  const text = t(up ? 'ui.board.better' : 'ui.board.worse', { change: number_text });
  return { text, tone: up ? 'green' : 'red', trend: up ? 'up' : 'down' };
}
function margin_of(difference: number, low: number, high: number, digits: number): string {
  const [below, above] = [difference - low, high - difference];
  if (Math.abs(below - above) < 0.5 * 10 ** -digits)
    return `${nbsp}±${nbsp}${number(above, digits)}`;
  return `${nbsp}(${signed(low, digits)}…${signed(high, digits)})`;
}
