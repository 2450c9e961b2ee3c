import { describe, expect, it } from 'vitest';
import { level_of, on_meter } from './loudness';

const flat = (height: number, n = 100) => ({
  min: Array.from({ length: n }, () => -height),
  max: Array.from({ length: n }, () => height),
});
const loudness = (height: number) => {
  const { min, max } = flat(height);
  return level_of(min, max).loudness;
};

describe('the level of a sound', () => {
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
  it('stands on a meter between the faintest and the top', () => {
    expect(on_meter(null)).toBe(0);
    expect(on_meter(-60)).toBe(0);
    expect(on_meter(-21)).toBeCloseTo(0.5);
    expect(on_meter(0)).toBe(1);
  });
});
