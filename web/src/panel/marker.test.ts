import { describe, expect, it } from 'vitest';
import { codes, schedule } from './marker';

describe('the mark for a recorder', () => {
  // As src/align/marker.h defines it: 0.75 s each way, 20 ms of silence times the code.
  it('plays its sweeps the silence of its code apart', () => {
    for (let code = 0; code < codes; ++code) {
      const [first, second] = schedule(10, 1.5, code);
      expect(first).toBeGreaterThan(10);
      expect(second - first).toBeCloseTo(0.75 + 0.02 * code, 9);
    }
  });
});
