// Signals by day, stacked by point: what the server counted, laid out for the chart.
import { locale } from '../../lib/lang';
import { clock } from '../../lib/times';
import type { BoardCell } from './queries';

export interface Series {
  id: string;
  name: string;
  values: number[];
  total: number;
}

export function series_of(cells: readonly BoardCell[], days: readonly string[]): Series[] {
  const found = new Map<string, Series>();
  for (const cell of cells) {
    const at = days.indexOf(cell.day);
    if (at < 0) continue;
    let one = found.get(cell.point_id);
    if (!one) {
      one = { id: cell.point_id, name: cell.point_name, values: days.map(() => 0), total: 0 };
      found.set(cell.point_id, one);
    }
    one.values[at] = (one.values[at] ?? 0) + cell.n;
    one.total += cell.n;
  }
  return [...found.values()].sort((a, b) => b.total - a.total || a.name.localeCompare(b.name));
}

export function totals_of(series: readonly Series[], days: number): number[] {
  return Array.from({ length: days }, (_, i) =>
    series.reduce((sum, one) => sum + (one.values[i] ?? 0), 0),
  );
}

/** «пт 20» under a bar. */
export function day_label(day: string): string {
  const at = new Date(`${day}T12:00:00Z`);
  const week = new Intl.DateTimeFormat(locale(), { weekday: 'short', timeZone: 'UTC' }).format(at);
  return `${week} ${Number(day.slice(8))}`;
}
export function now_label(zone: string, now: number = Date.now()): string {
  return clock(now, zone);
}
