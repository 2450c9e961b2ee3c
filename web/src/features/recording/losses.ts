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
