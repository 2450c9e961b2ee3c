// PCM as a file that any server reads, and where a clip begins to sound.

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
