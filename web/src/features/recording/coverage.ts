// What a day of a point holds: recorded, lost, not come yet. Milliseconds in and out.
import type { Given, Maybe } from '../../api/types';

export type Coverage = Given<'DayCoverage'>;
export interface Span {
  from: number;
  to: number;
}
export interface LostSpan extends Span {
  cause: string;
}
export interface PressLook {
  id: string;
  at: number;
  kind: Maybe<string>;
  /** Why it has no sound: lost for good, or its file has not come. */
  silent: 'lost' | 'waits' | null;
}
export interface DayLook {
  zone: string;
  begin: number;
  end: number;
  recorded: Span[];
  lost: LostSpan[];
  /** Asked for by a person: silence that is no loss. */
  paused: LostSpan[];
  /** Between two recorded parts, and nobody declared why. */
  holes: Span[];
  presses: PressLook[];
  lost_ms: number;
  holes_ms: number;
  recorded_ms: number;
  last: number | null;
}

const least_hole_ms = 1_000; // two files that meet are one recording

export function length_of(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + span.to - span.from, 0);
}

/** Sorted, without overlaps. */
export function merged(spans: readonly Span[], joint_ms = 0): Span[] {
  const found: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last && span.from - last.to <= joint_ms) last.to = Math.max(last.to, span.to);
    else found.push({ from: span.from, to: span.to });
  }
  return found;
}

/** Parts of `whole` that no span of `cut` (sorted, without overlaps) touches. */
export function without(whole: Span, cut: readonly Span[]): Span[] {
  const left: Span[] = [];
  let from = whole.from;
  for (const span of cut) {
    if (span.to <= from) continue;
    if (span.from >= whole.to) break;
    if (span.from > from) left.push({ from, to: span.from });
    from = span.to;
  }
  if (from < whole.to) left.push({ from, to: whole.to });
  return left;
}

const inside = (spans: readonly Span[], at: number) =>
  spans.some((span) => at >= span.from && at < span.to);

export function day_look(day: Coverage, now: number): DayLook {
  const [begin, end] = [Date.parse(day.begin_at), Date.parse(day.end_at)];
  const limit = Math.min(end, Math.max(begin, now));
  const cut = <T extends Span>(span: T): T => ({
    ...span,
    from: Math.max(begin, span.from),
    to: Math.min(limit, span.to),
  });
  const spans = <T extends { begin_at: string; end_at: string }>(list: readonly T[]) =>
    list.map((one) => ({ ...one, from: Date.parse(one.begin_at), to: Date.parse(one.end_at) }));
  const kept = (span: Span) => span.to > span.from;
  const recorded = merged(spans(day.stretches).map(cut).filter(kept), least_hole_ms);
  const gaps = spans(day.gaps).map(cut).filter(kept);
  // A file that came after all heals the gap that was declared.
  const declared = gaps.flatMap((gap) =>
    without(gap, recorded).map((span) => ({ ...span, cause: gap.cause })),
  );
  const lost = declared.filter((gap) => gap.cause !== 'paused');
  const paused = declared.filter((gap) => gap.cause === 'paused');
  const ends = { from: recorded[0]?.from ?? 0, to: recorded.at(-1)?.to ?? 0 };
  const known = merged([...recorded, ...gaps]);
  const holes = without(ends, known).filter((span) => span.to - span.from >= least_hole_ms);
  const presses = day.presses
    .filter((press) => !press.undone)
    .map((press): PressLook => {
      const at = Date.parse(press.at);
      const silent = inside(recorded, at) ? null : inside(declared, at) ? 'lost' : 'waits';
      return { id: press.signal_id, at, kind: press.kind, silent };
    });
  return {
    zone: day.zone,
    begin,
    end,
    recorded,
    lost,
    paused,
    holes,
    presses,
    lost_ms: length_of(merged(lost)),
    holes_ms: length_of(holes),
    recorded_ms: length_of(recorded),
    last: recorded.at(-1)?.to ?? null,
  };
}

const hour_ms = 3_600_000;

/** The hours that all strips of the page share: what happened, to whole hours. */
export function frame_of(looks: readonly DayLook[], now: number): Span {
  const first = looks[0];
  if (!first) return { from: 0, to: 24 * hour_ms };
  const moments = looks.flatMap((look) => [
    ...[...look.recorded, ...look.lost].flatMap((span) => [span.from, span.to]),
    ...look.presses.map((press) => press.at),
  ]);
  // A day without anything is drawn as a usual working day.
  if (moments.length === 0) moments.push(first.begin + 8 * hour_ms, first.begin + 20 * hour_ms);
  if (now > first.begin && now < first.end) moments.push(now);
  const whole = (at: number, round: (n: number) => number) =>
    first.begin + round((at - first.begin) / hour_ms) * hour_ms;
  const from = whole(Math.min(...moments), Math.floor);
  const to = whole(Math.max(...moments), Math.ceil);
  if (to - from >= 4 * hour_ms) return { from, to };
  return from + 4 * hour_ms <= first.end
    ? { from, to: from + 4 * hour_ms }
    : { from: first.end - 4 * hour_ms, to: first.end };
}

/** Hours worth a label: so few that they never touch. */
export function ticks_of(frame: Span): number[] {
  const hours = Math.round((frame.to - frame.from) / hour_ms);
  const step = [1, 2, 3, 4, 6].find((one) => hours / one <= 6) ?? 6;
  return Array.from({ length: Math.floor(hours / step) + 1 }, (_, i) =>
    Math.min(frame.to, frame.from + i * step * hour_ms),
  );
}

/** Within the day of the point, by its own clock. */
export const is_today = (look: DayLook, now: number) => now >= look.begin && now < look.end;

/** Minutes as people lose them: one second is already a minute begun, none is none. */
export function minutes_of(ms: number): number {
  return ms <= 0 ? 0 : Math.max(1, Math.round(ms / 60_000));
}

/** Worse points first: no basis, no sound now or lost before, sound that waits, then by name. */
export function rank(
  point: { basis_confirmed: boolean },
  look?: DayLook,
  is_silent = false,
): number {
  if (!point.basis_confirmed) return 0;
  if (is_silent || (look && look.lost_ms > 0)) return 1;
  if (look && (look.holes_ms > 0 || look.presses.some((press) => press.silent))) return 2;
  return 3;
}
