// A long recording is heard by parts: an interval asked at once has a bound on the server.
import type { Given } from '../../api/types';
import { samples_per_second } from '../../lib/sound';

export const window_samples = 10 * 60 * samples_per_second;
const least_samples = 60 * samples_per_second; // a shorter end belongs to the part before it

export interface Window {
  from: number;
  to: number;
}
export function windows_of(length: number): Window[] {
  const found: Window[] = [];
  for (let from = 0; from < length; from += window_samples) {
    const to = Math.min(length, from + window_samples);
    const last = found.at(-1);
    if (last && to - from < least_samples) last.to = to;
    else found.push({ from, to });
  }
  return found;
}

export type MapPoint = Given<'MapPointView'>;
/** The instant of a sample by the clock map: straight between its points, real time outside. */
export function instant_of(points: readonly MapPoint[], begin_at: string, sample: number): number {
  const known = points
    .map((point) => ({ sample: point.media_sample, at: Date.parse(point.at) }))
    .sort((a, b) => a.sample - b.sample);
  const ms = (samples: number) => (samples / samples_per_second) * 1000;
  const after = known.findIndex((point) => point.sample > sample);
  const before = known[after < 0 ? known.length - 1 : after - 1];
  const next = after > 0 ? known[after] : undefined;
  if (before && next) {
    const share = (sample - before.sample) / (next.sample - before.sample);
    return before.at + share * (next.at - before.at);
  }
  const anchor = before ?? known[0];
  return anchor ? anchor.at + ms(sample - anchor.sample) : Date.parse(begin_at) + ms(sample);
}
