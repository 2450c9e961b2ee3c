// The address of the board: the period, the point, and which rows are open.
import { day_key } from '../../lib/times';

export const periods = ['month', '1', '7', '30', '90', '365'] as const;
const usual = '7';
const day_form = /^\d{4}-\d{2}-\d{2}$/;

export interface Asked {
  from: string;
  to: string;
  point: string;
  /** One of `periods`, or empty when the days stand in the address. */
  period: string;
  /** The days it is compared with, as many. */
  with_from: string;
  with_to: string;
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

const days_of_month = (month: string) =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
const month_before = (month: string) => day_before(`${month}-01`, 1).slice(0, 7);

/** This month so far and the same days of the month before, as many as both of them have. */
export function month_days(today: string) {
  const month = today.slice(0, 7);
  const earlier = month_before(month);
  const n = String(Math.min(Number(today.slice(8)), days_of_month(earlier))).padStart(2, '0');
  return {
    from: `${month}-01`,
    to: `${month}-${n}`,
    with_from: `${earlier}-01`,
    with_to: `${earlier}-${n}`,
  };
}

/** The days right before, as many. */
function days_before(from: string, to: string) {
  const with_to = day_before(from, 1);
  const length = (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
  return { with_from: day_before(with_to, length), with_to };
}

export function asked_of(search: URLSearchParams, zone: string, now: number = Date.now()): Asked {
  const [from = '', to = '', point = ''] = ['from', 'to', 'point'].map(
    (name) => search.get(name) ?? '',
  );
  const today = day_key(now, zone);
  if (day_form.test(from) && day_form.test(to) && from <= to)
    return { from, to, point, period: '', ...days_before(from, to) };
  const given = search.get('days') ?? '';
  const period = (periods as readonly string[]).includes(given) ? given : usual;
  if (period === 'month') return { ...month_days(today), point, period };
  const first = day_before(today, Number(period) - 1);
  return { from: first, to: today, point, period, ...days_before(first, today) };
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
