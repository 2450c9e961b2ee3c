import { describe, expect, it } from 'vitest';
import { first_sound, wav_of } from './level';

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
