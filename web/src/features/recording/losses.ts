// Lost sound as the page shows it: a line per cause, the worst first.
import type { Given } from '../../api/types';

export type Loss = Given<'LossCell'>;
export interface CauseLine {
  cause: string;
  total: number;
  /** Milliseconds by point. */
  of: Map<string, number>;
}

export function losses_by_cause(cells: readonly Loss[]): CauseLine[] {
  const lines = new Map<string, CauseLine>();
  for (const cell of cells) {
    const line = lines.get(cell.cause) ?? { cause: cell.cause, total: 0, of: new Map() };
    line.total += cell.lost_ms;
    line.of.set(cell.point_id, (line.of.get(cell.point_id) ?? 0) + cell.lost_ms);
    lines.set(cell.cause, line);
  }
  return [...lines.values()].sort((a, b) => b.total - a.total || (a.cause < b.cause ? -1 : 1));
}

export type Work = Given<'WorkCell'>;
export interface WorkLine {
  id: string;
  name: string;
  expected_ms: number;
  missing_ms: number;
  /** Of the working time, 0…1; undefined: there was none in the period. */
  share?: number;
}

/** Points whose hours are stated, the one with most missing first. */
export function work_lines(
  work: readonly Work[],
  points: readonly { id: string; name: string }[],
): WorkLine[] {
  const lines: WorkLine[] = [];
  for (const { point_id, expected_ms, recorded_ms } of work) {
    const point = points.find((one) => one.id === point_id);
    if (!point || expected_ms === null) continue;
    lines.push({
      id: point_id,
      name: point.name,
      expected_ms,
      missing_ms: Math.max(0, expected_ms - recorded_ms),
      ...(expected_ms > 0 && { share: Math.min(1, recorded_ms / expected_ms) }),
    });
  }
  return lines.sort((a, b) => b.missing_ms - a.missing_ms || (a.name < b.name ? -1 : 1));
}

/** In whole percents: never 1 while a minute is missing, and never 0 where some is there. */
export function shown_share(line: WorkLine): number | undefined {
  if (line.share === undefined) return undefined;
  const whole = Math.round(line.share * 100) / 100;
  if (whole === 1 && line.missing_ms >= 60_000) return 0.99;
  return whole === 0 && line.share > 0 ? 0.01 : whole;
}
