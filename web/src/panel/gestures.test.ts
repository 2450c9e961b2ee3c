import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Gestures, typed_button } from './gestures';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watch(long: boolean, double: boolean) {
  const seen: string[] = [];
  const made = new Gestures(() => ({ long, double }), {
    begin: (key, may_change) => void seen.push(`${key}${may_change ? '?' : ''}`),
    settle: (key, gesture) => void seen.push(`${key}:${gesture}`),
  });
  return { seen, made };
}

it('keeps a plain press at the first touch', () => {
  const { seen, made } = watch(false, false);
  made.down('1');
  made.up('1');
  expect(seen).toEqual(['1']);
});
it('tells long from short', () => {
  const { seen, made } = watch(true, false);
  made.down('1');
  vi.advanceTimersByTime(100);
  made.up('1');
  made.down('1');
  vi.advanceTimersByTime(700);
  made.up('1');
  expect(seen).toEqual(['1?', '1:', '1?', '1:long']);
});
it('tells double from two', () => {
  const { seen, made } = watch(false, true);
  const tap = () => (made.down('1'), made.up('1'));
  tap();
  vi.advanceTimersByTime(100);
  tap();
  vi.advanceTimersByTime(1000);
  tap();
  vi.advanceTimersByTime(1000);
  tap();
  vi.advanceTimersByTime(1000);
  expect(seen).toEqual(['1?', '1:double', '1?', '1:', '1?', '1:']);
});
it('another key ends the gesture of the first', () => {
  const { seen, made } = watch(true, true);
  made.down('1');
  made.down('2');
  expect(seen).toEqual(['1?', '1:', '2?']);
});
it('maps typed keys by code, then by order', () => {
  expect(typed_button('Digit2', ['', '', ''])).toBe(1);
  expect(typed_button('F14', ['', ''])).toBe(1);
  expect(typed_button('Numpad6', ['', ''])).toBe(-1);
  expect(typed_button('KeyQ', ['', 'KeyQ'])).toBe(1);
  expect(typed_button('Digit2', ['', 'KeyQ'])).toBe(-1);
});
