// Open hours between the form, a row for each day of the week, and the server, only open days.
import type { Point } from './queries';

export const types = [
  'unstated',
  'till',
  'reception',
  'sales_floor',
  'manager_desk',
  'room',
  'phone',
] as const;
export const flows = ['unstated', 'low', 'medium', 'high'] as const;

export interface DayHours {
  open: boolean;
  opens: string;
  closes: string;
}
type Rows = Point['hours'];

export function hours_of_rows(rows: Rows): DayHours[] {
  return Array.from({ length: 7 }, (_, day) => {
    const row = rows.find((one) => one.weekday === day + 1);
    return { open: Boolean(row), opens: row?.opens ?? '09:00', closes: row?.closes ?? '20:00' };
  });
}

export function rows_of_hours(week: readonly DayHours[]): Rows {
  return week.flatMap((day, at) =>
    day.open ? [{ weekday: at + 1, opens: day.opens, closes: day.closes }] : [],
  );
}

/** Days with the same hours in one piece: «Пн–Пт 09:00–20:00, Сб 10:00–18:00». */
export function hours_words(rows: Rows, names: readonly string[]): string {
  const runs: { from: number; to: number; hours: string }[] = [];
  for (const row of [...rows].sort((a, b) => a.weekday - b.weekday)) {
    const hours = `${row.opens}–${row.closes}`;
    const last = runs.at(-1);
    if (last && last.to === row.weekday - 1 && last.hours === hours) last.to = row.weekday;
    else runs.push({ from: row.weekday, to: row.weekday, hours });
  }
  const name = (day: number) => names[day - 1] ?? '';
  return runs
    .map(
      ({ from, to, hours }) => `${from === to ? name(from) : `${name(from)}–${name(to)}`} ${hours}`,
    )
    .join(', ');
}
