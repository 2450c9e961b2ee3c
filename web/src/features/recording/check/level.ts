// How loud a piece of sound is, told from its drawn wave; and PCM as a file that any server reads.

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

/** 16-bit mono WAV. */
export function wav_of(samples: Float32Array, rate: number): Blob {
  const bytes = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const text = (at: number, word: string) =>
    [...word].forEach((letter, i) => bytes.setUint8(at + i, letter.charCodeAt(0)));
  text(0, 'RIFF');
  bytes.setUint32(4, 36 + samples.length * 2, true);
  text(8, 'WAVEfmt ');
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, rate, true);
  bytes.setUint32(28, rate * 2, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  text(36, 'data');
  bytes.setUint32(40, samples.length * 2, true);
  samples.forEach((value, i) =>
    bytes.setInt16(44 + i * 2, Math.round(Math.max(-1, Math.min(1, value)) * 32_767), true),
  );
  return new Blob([bytes.buffer], { type: 'audio/wav' });
}

interface Piece {
  kind: string;
  clip_sample: number;
}
/** Where the clip begins to sound: what is before it is a gap. */
export function first_sound(pieces: readonly Piece[]): number {
  return pieces.find((piece) => piece.kind === 'sound')?.clip_sample ?? 0;
}
