import { expect, test } from 'vitest';
import { clock_text } from './sound';

test('a place in a fragment is told as a player tells it', () => {
  expect(clock_text(0)).toBe('0:00');
  expect(clock_text(59_999)).toBe('0:59');
  expect(clock_text(61_500)).toBe('1:01');
  expect(clock_text(3_600_000)).toBe('1:00:00');
  expect(clock_text(3_725_000)).toBe('1:02:05');
});
