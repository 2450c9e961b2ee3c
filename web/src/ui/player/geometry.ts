// Where things of a record stand on its wave; pixels in, pixels out, no page needed.
import type { Span } from './engine';

export const bar_step = 3; // a bar of 2 px and a gap of 1 px

/** One loudness per bar: the loudest of the stretches it covers. */
export function resample(peaks: readonly number[], bars: number): number[] {
  const n = peaks.length;
  return Array.from({ length: bars }, (_, i) => {
    if (n === 0) return 0;
    const from = Math.floor((i * n) / bars);
    const to = Math.max(from + 1, Math.floor(((i + 1) * n) / bars));
    let most = 0;
    for (let k = from; k < to && k < n; k += 1) most = Math.max(most, Math.abs(peaks[k] ?? 0));
    return most;
  });
}

/** Quiet records are drawn taller: the nearly loudest stretch fills the height. */
export function scale_of(tracks: readonly (readonly number[])[]): number {
  const sorted = tracks
    .flat()
    .map(Math.abs)
    .sort((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length * 0.995)] ?? sorted.at(-1) ?? 0;
  return 1 / Math.max(high, 0.08);
}

/** Path of the bars of one track about the line y; nothing is drawn in a gap. */
export function wave_path(
  peaks: readonly number[],
  width: number,
  y: number,
  half: number,
  scale: number,
  gaps: readonly Span[],
  duration: number,
): string {
  const bars = Math.max(1, Math.floor(width / bar_step));
  const hidden = gaps.map((gap) => [
    x_of(gap.from, duration, width),
    x_of(gap.to, duration, width),
  ]);
  return resample(peaks, bars)
    .map((peak, i) => {
      const x = 1 + i * bar_step;
      if (hidden.some(([from, to]) => x + 1 > (from ?? 0) && x - 1 < (to ?? 0))) return '';
      const h = Math.max(1, Math.round(Math.min(1, peak * scale) * half));
      return `M${x} ${y - h}v${2 * h}`;
    })
    .join('');
}

export function x_of(at: number, duration: number, width: number): number {
  return duration > 0 ? (at / duration) * width : 0;
}
export function at_of(x: number, duration: number, width: number): number {
  return width > 0 ? Math.min(duration, Math.max(0, (x / width) * duration)) : 0;
}

export interface Tick {
  at: number;
  x: number;
  anchor: 'start' | 'middle' | 'end';
}
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];
const tick_room = 76;
const edge_room = 48;

/** Round places counted from `origin`, with both ends; none so near that words touch. */
export function ticks(duration: number, origin: number, width: number): Tick[] {
  if (duration <= 0 || width <= 0) return [];
  const step = steps.find((one) => x_of(one, duration, width) >= tick_room) ?? duration;
  const inner: Tick[] = [];
  for (let k = Math.ceil(-origin / step); k * step + origin < duration; k += 1) {
    const at = k * step + origin;
    const x = x_of(at, duration, width);
    if (x >= edge_room && x <= width - edge_room) inner.push({ at, x, anchor: 'middle' });
  }
  return [{ at: 0, x: 0, anchor: 'start' }, ...inner, { at: duration, x: width, anchor: 'end' }];
}

/** Shifts things at `xs` (sorted) apart by `room`, as little as can be, inside [low, high]. */
export function spread(xs: readonly number[], room: number, low: number, high: number): number[] {
  const put = xs.map((x) => Math.min(high, Math.max(low, x)));
  for (let i = 1; i < put.length; i += 1) {
    put[i] = Math.max(put[i] ?? 0, (put[i - 1] ?? 0) + room);
  }
  let limit = high;
  for (let i = put.length - 1; i >= 0 && (put[i] ?? 0) > limit; i -= 1) {
    put[i] = limit;
    limit -= room;
  }
  return put;
}

export interface Label {
  x: number;
  long: string;
  short: string;
  /** A label of higher weight is placed first and keeps its words. */
  weight: number;
}
const letter = 6.9; // mean width of a 12 px letter of the desk's font, a little on the safe side

/** Words above the wave: long if they fit, short if not, none rather than one over another. */
export function place_labels(
  labels: readonly Label[],
  width: number,
): { text: string; x: number }[] {
  const taken: Span[] = [];
  const placed = labels.map(() => ({ text: '', x: 0 }));
  const order = labels
    .map((_, i) => i)
    .sort((a, b) => (labels[b]?.weight ?? 0) - (labels[a]?.weight ?? 0));
  for (const i of order) {
    const label = labels[i];
    if (!label) continue;
    const wide = width >= 480 ? [label.long, label.short] : [label.short];
    for (const text of wide) {
      const half = (text.length * letter) / 2;
      const x = Math.min(width - half, Math.max(half, label.x));
      const span = { from: x - half - 4, to: x + half + 4 };
      if (taken.some((other) => span.from < other.to && other.from < span.to)) continue;
      taken.push(span);
      placed[i] = { text, x };
      break;
    }
  }
  return placed;
}

const pin_step = 22;
const touch_step = 44; // px: ui.md §3 for what a finger hits

/** px between pins over the wave: as far apart as a finger wants, while all of them fit. */
export function pin_step_of(pins: number, width: number, finger: boolean): number {
  if (!finger) return pin_step;
  return Math.max(pin_step, Math.min(touch_step, (width - 20) / Math.max(1, pins - 1)));
}
