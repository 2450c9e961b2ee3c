// How loud a piece of sound is, told from its drawn wave.

/** Heights of the wave reach from -128 to 127. */
const full = 128;
/** The loudest height decides; speech at arm's length reaches far over these. */
const silent_up_to = 1;
const quiet_up_to = 4;
/** So much of the wave may touch the top: a door that slams is no fault. */
const clipped_share = 0.02;

export type Loudness = 'silent' | 'quiet' | 'good' | 'clipped';
export interface Level {
  loudness: Loudness;
  /** Of the loudest moment against the highest possible; null: nothing but silence. */
  peak_db: number | null;
}

export function level_of(min: readonly number[], max: readonly number[]): Level {
  const heights = max.map((high, i) => Math.max(high, -(min[i] ?? 0)));
  const peak = Math.max(0, ...heights);
  const peak_db = peak > 0 ? Math.min(0, 20 * Math.log10(peak / full)) : null;
  if (peak <= silent_up_to) return { loudness: 'silent', peak_db };
  if (peak <= quiet_up_to) return { loudness: 'quiet', peak_db };
  const touching = heights.filter((height) => height >= full - 2).length;
  return { loudness: touching > heights.length * clipped_share ? 'clipped' : 'good', peak_db };
}

/** The faintest that the drawn wave can tell. */
export const floor_db = -42;
/** Where on a meter from the floor to the top, 0…1. */
export function on_meter(peak_db: number | null): number {
  return peak_db === null ? 0 : Math.min(1, Math.max(0, 1 - peak_db / floor_db));
}
