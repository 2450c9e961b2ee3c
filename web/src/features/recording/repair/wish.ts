// What a person typed about a wrong recording, as the server takes it.
import { samples_per_second } from '../../../lib/sound';
import { local_instant } from '../../../lib/times';

export type TimeHow = 'as_is' | 'begins' | 'shift' | 'heard' | 'nudge';
/** How a heard second is known; `person` stands against all else, the others are weighed. */
export const sources = ['person', 'reading', 'clap'] as const;
export type Source = (typeof sources)[number];
export interface Typed {
  how: TimeHow;
  day: string;
  time: string;
  doubt_s: string;
  source: Source;
  /** A place in the recording: «1:02:03». */
  place: string;
  later: boolean;
  /** A length: «1:00:00», «0,25». */
  by: string;
  recorder: string;
  point: string;
}
export interface Seen {
  id: string;
  map_number: number;
  repair_number: number;
}
export interface Body {
  recordings: { recording_id: string; map_number: number; repair_number: number }[];
  undo?: { repair_id: string }[];
  shift_ms?: number;
  heard_sample?: number;
  heard_at?: string;
  heard_uncertainty_ms?: number;
  heard_source?: string;
  recorder_id?: string;
  point_id?: string;
  reason?: string;
}

/** Seconds of «1:02:03», «2:03» or «0,25»; nothing when it is no length. */
export function seconds_typed(text: string): number | undefined {
  const parts = text.trim().replace(',', '.').split(':');
  if (parts.length > 3 || !/^\d+(\.\d+)?$/.test(parts.at(-1) ?? '')) return undefined;
  if (!parts.slice(0, -1).every((part) => /^\d+$/.test(part))) return undefined;
  if (parts.slice(1).some((part) => Number(part) >= 60)) return undefined;
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0);
}

const seen_of = (seen: readonly Seen[]) =>
  seen.map(({ id, map_number, repair_number }) => ({
    recording_id: id,
    map_number,
    repair_number,
  }));

/**
 * Nothing when something typed is no time; the field says so by itself. `instant_at` is what the
 * recording's clock says of a sample now.
 */
export function body_of(
  seen: readonly Seen[],
  typed: Typed,
  zone: string,
  instant_at: (sample: number) => number,
): Body | undefined {
  const body: Body = { recordings: seen_of(seen) };
  if (typed.recorder) body.recorder_id = typed.recorder;
  if (typed.point) body.point_id = typed.point;
  if (typed.how === 'shift') {
    const by = seconds_typed(typed.by);
    if (by === undefined) return undefined;
    body.shift_ms = Math.round(by * 1000) * (typed.later ? 1 : -1);
  } else if (typed.how === 'nudge') {
    const [place, by, doubt] = [typed.place, typed.by, typed.doubt_s].map(seconds_typed);
    if (place === undefined || by === undefined || doubt === undefined) return undefined;
    const sample = Math.round(place * samples_per_second);
    body.heard_sample = sample;
    body.heard_at = new Date(
      instant_at(sample) + Math.round(by * 1000) * (typed.later ? 1 : -1),
    ).toISOString();
    body.heard_uncertainty_ms = Math.round(doubt * 1000);
    body.heard_source = 'nudge';
  } else if (typed.how !== 'as_is') {
    const at = local_instant(typed.day, typed.time, zone);
    const place = typed.how === 'begins' ? 0 : seconds_typed(typed.place);
    const doubt = seconds_typed(typed.doubt_s);
    if (at === undefined || place === undefined || doubt === undefined) return undefined;
    body.heard_at = new Date(at).toISOString();
    body.heard_sample = Math.round(place * samples_per_second);
    body.heard_uncertainty_ms = Math.round(doubt * 1000);
    body.heard_source = typed.how === 'begins' ? 'person' : typed.source;
  }
  return body;
}

/** Whether anything was typed that differs from what stands. */
export const wants_nothing = (typed: Typed) =>
  typed.how === 'as_is' && !typed.recorder && !typed.point;
