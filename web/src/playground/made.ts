// Made-up sound for looking at the player without a server: a soft tone wherever a word stands.
import type { WordLine } from '../ui/words/Words';

const rate = 8_000;

function noise(seed: number): () => number {
  let held = seed;
  return () => {
    held = (held * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return held / 4_294_967_296;
  };
}

/** Loudness in tenths of a second, from the words of one side (or of all). */
export function peaks_of(lines: readonly WordLine[], duration: number, who?: string): number[] {
  const n = Math.round(duration * 10);
  const random = noise(who ? who.length : 7);
  const peaks = Array.from({ length: n }, () => 0.008 + random() * 0.006);
  for (const line of lines) {
    if (line.kind !== 'said' || (who && line.who !== who)) continue;
    for (const word of line.words) {
      for (let i = Math.floor(word.from * 10); i < word.to * 10 && i < n; i += 1) {
        peaks[i] = 0.12 + 0.5 * random() ** 1.6;
      }
    }
  }
  return peaks;
}

export function sound_of(peaks: readonly number[], tone: number): string {
  const n = Math.floor((peaks.length / 10) * rate);
  const bytes = new DataView(new ArrayBuffer(44 + 2 * n));
  const tag = (at: number, text: string) =>
    [...text].forEach((c, i) => bytes.setUint8(at + i, c.charCodeAt(0)));
  tag(0, 'RIFF');
  bytes.setUint32(4, 36 + 2 * n, true);
  tag(8, 'WAVEfmt ');
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, rate, true);
  bytes.setUint32(28, 2 * rate, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  tag(36, 'data');
  bytes.setUint32(40, 2 * n, true);
  for (let i = 0; i < n; i += 1) {
    const loud = peaks[Math.floor((i / rate) * 10)] ?? 0;
    bytes.setInt16(
      44 + 2 * i,
      Math.round(9_000 * loud * Math.sin((i / rate) * tone * 2 * Math.PI)),
      true,
    );
  }
  return URL.createObjectURL(new Blob([bytes.buffer], { type: 'audio/wav' }));
}
