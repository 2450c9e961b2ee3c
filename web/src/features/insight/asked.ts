// The address of the board: the period, the point, and which rows are open.
import { day_key } from '../../lib/times';

export const periods = ['1', '7', '30', '90'] as const;
const usual = '7';
const day_form = /^\d{4}-\d{2}-\d{2}$/;

export interface Asked {
  from: string;
  to: string;
  point: string;
  /** One of `periods`, or empty when the days stand in the address. */
  period: string;
}
/** Rows behind one number: a figure, a group of it, a part of it. */
export interface RowsAsked {
  figure: string;
  by: string;
  group: string;
  point: string;
  part: string;
  /** Why rows have no value; of the part `missing`. */
  reason: string;
}

export function day_before(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

export function asked_of(search: URLSearchParams, zone: string, now: number = Date.now()): Asked {
  const [from, to, point] = ['from', 'to', 'point'].map((name) => search.get(name) ?? '');
  const today = day_key(now, zone);
  if (day_form.test(from ?? '') && day_form.test(to ?? '') && (from ?? '') <= (to ?? ''))
    return { from: from ?? '', to: to ?? '', point: point ?? '', period: '' };
  const given = search.get('days') ?? '';
  const period = (periods as readonly string[]).includes(given) ? given : usual;
  return { from: day_before(today, Number(period) - 1), to: today, point: point ?? '', period };
}

export function days_between(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= to && days.length < 400; day = day_before(day, -1)) days.push(day);
  return days;
}

const names = {
  figure: 'rows',
  by: 'by',
  group: 'group',
  point: 'at',
  part: 'part',
  reason: 'why',
} as const;

export function rows_of(search: URLSearchParams): RowsAsked | null {
  const text = (name: string) => search.get(name) ?? '';
  if (!text(names.figure)) return null;
  return {
    figure: text(names.figure),
    by: text(names.by),
    group: text(names.group),
    point: text(names.point),
    part: text(names.part),
    reason: text(names.reason),
  };
}

export function with_rows(search: URLSearchParams, rows: Partial<RowsAsked> | null) {
  const next = new URLSearchParams(search);
  for (const [field, name] of Object.entries(names)) {
    const value = rows?.[field as keyof RowsAsked] ?? '';
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
}

export function changed(search: URLSearchParams, change: Record<string, string>): URLSearchParams {
  const next = with_rows(search, null);
  for (const [name, value] of Object.entries(change)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
}
