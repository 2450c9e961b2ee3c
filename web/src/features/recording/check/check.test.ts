import { describe, expect, it } from 'vitest';
import { first_sound, level_of, wav_of } from './level';

const flat = (height: number, n = 100) => ({
  min: Array.from({ length: n }, () => -height),
  max: Array.from({ length: n }, () => height),
});
const loudness = (height: number) => {
  const { min, max } = flat(height);
  return level_of(min, max).loudness;
};

describe('the level of a trial', () => {
  it('tells silence, faint, good and clipped sound apart', () => {
    expect(loudness(0)).toBe('silent');
    expect(loudness(1)).toBe('silent');
    expect(loudness(3)).toBe('quiet');
    expect(loudness(40)).toBe('good');
    expect(loudness(127)).toBe('clipped');
  });
  it('forgives one knock at the top', () => {
    const { min, max } = flat(30);
    max[5] = 127;
    expect(level_of(min, max).loudness).toBe('good');
  });
  it('looks at both sides of the wave and says the peak in decibels', () => {
    expect(level_of([-64, 0], [2, 3])).toEqual({
      loudness: 'good',
      peak_db: expect.closeTo(-6.02, 2),
    });
    expect(level_of([], []).peak_db).toBeNull();
  });
});

describe('a trial sound', () => {
  it('is PCM of 16 bits, never over the top', async () => {
    const bytes = new DataView(await wav_of(new Float32Array([0, 0.5, -2]), 8000).arrayBuffer());
    expect(bytes.byteLength).toBe(44 + 6);
    expect(bytes.getUint32(24, true)).toBe(8000);
    expect([44, 46, 48].map((at) => bytes.getInt16(at, true))).toEqual([0, 16_384, -32_767]);
  });
  it('is heard from where the clip begins to sound', () => {
    const gap = { kind: 'gap', clip_sample: 0 };
    expect(first_sound([gap, { kind: 'sound', clip_sample: 4800 }])).toBe(4800);
    expect(first_sound([])).toBe(0);
  });
});
