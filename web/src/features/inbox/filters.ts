// The filters of the inbox stand in the address; days are those of the points.
import { day_key } from '../../lib/times';
import type { Asked } from './queries';

export const tabs = ['new', 'waiting', 'later', 'done'] as const;
export type TabName = (typeof tabs)[number];
export const day_choices = ['', 'today', 'yesterday', '7', '30'] as const;

function day_before(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

/** First and last day of a choice, both counted; empty: no bound. */
export function days_of(choice: string, today: string): { from: string; to: string } {
  if (choice === 'today') return { from: today, to: today };
  if (choice === 'yesterday') {
    const day = day_before(today, 1);
    return { from: day, to: day };
  }
  const days = Number(choice);
  if (choice === '' || !Number.isInteger(days) || days < 1) return { from: '', to: '' };
  return { from: day_before(today, days - 1), to: today };
}

const day_form = /^\d{4}-\d{2}-\d{2}$/;

export function asked_of(search: URLSearchParams, zone: string, now: number = Date.now()): Asked {
  const text = (name: string) => search.get(name) ?? '';
  const own = { from: text('from'), to: text('to') };
  const given = day_form.test(own.from) || day_form.test(own.to);
  const state = text('tab');
  return {
    state: (tabs as readonly string[]).includes(state) ? state : 'new',
    point: text('point'),
    kind: text('kind'),
    button: text('button'),
    ...(given ? own : days_of(text('days'), day_key(now, zone))),
  };
}

export function is_narrow(asked: Asked): boolean {
  return [asked.point, asked.kind, asked.button, asked.from, asked.to].some((one) => one !== '');
}

/** The address with one filter changed; what is chosen as «all» leaves it. */
export function changed(search: URLSearchParams, change: Record<string, string>): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  return next;
}

/**
 * Rows that came while a person reads gather above the list: nothing jumps under the pointer.
 * A row is fresh when it was not seen and stands above one that was.
 */
export function gather<Row extends { id: string }>(
  rows: readonly Row[],
  seen: ReadonlySet<string>,
): { shown: Row[]; fresh: Row[] } {
  const last = rows.findLastIndex((row) => seen.has(row.id));
  const is_fresh = (row: Row, i: number) => i < last && !seen.has(row.id);
  return { shown: rows.filter((row, i) => !is_fresh(row, i)), fresh: rows.filter(is_fresh) };
}
