import { describe, expect, it } from 'vitest';
import { same_path } from './Form';
import { combination, key_caps } from './hotkeys';
import { after_silence } from './player/engine';
import {
  at_of,
  pin_step_of,
  place_labels,
  resample,
  spread,
  ticks,
  wave_path,
  x_of,
} from './player/geometry';
import { level_gain } from './player/level';
import { find_word } from './words/follow';

const press = (code: string, held: Partial<KeyboardEvent> = {}) =>
  combination({
    code,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...held,
  } as KeyboardEvent);

describe('keys', () => {
  it('go by place, not by letter', () => {
    expect(press('KeyJ')).toBe('KeyJ');
    expect(press('Numpad1')).toBe('Digit1');
    expect(press('Enter', { metaKey: true })).toBe('Ctrl+Enter');
    expect(key_caps('Ctrl+Enter')).toEqual(['Ctrl', 'Enter']);
    expect(key_caps('Shift+Slash')).toEqual(['?']);
    expect(key_caps('KeyE')).toEqual(['e']);
  });
});

describe('loudness of tracks', () => {
  it('a quiet voice is raised, a loud one and silence are left', () => {
    expect(level_gain([0.01, 0.2, 0.2, 0.2])).toBeCloseTo(3, 9);
    expect(level_gain([0.9, 0.9])).toBe(1);
    expect(level_gain([0.01, 0.02])).toBe(1);
    expect(level_gain([0.03])).toBe(8);
  });
});

describe('the wave', () => {
  it('keeps the loudest of what a bar covers', () => {
    expect(resample([0, 1, 0, 0.5], 2)).toEqual([1, 0.5]);
    expect(resample([0.2, 0.4], 4)).toEqual([0.2, 0.2, 0.4, 0.4]);
    expect(resample([], 2)).toEqual([0, 0]);
  });
  it('draws nothing inside a gap', () => {
    const path = wave_path([1, 1, 1, 1], 12, 10, 5, 1, [{ from: 1, to: 3 }], 4);
    expect(path).toBe('M1 5v10M10 5v10');
  });
  it('turns pixels into seconds and back', () => {
    expect(at_of(x_of(33, 120, 656), 120, 656)).toBeCloseTo(33, 9);
    expect(at_of(900, 120, 656)).toBe(120);
    expect(at_of(-5, 120, 656)).toBe(0);
  });
  it('has round ticks about the press and both ends', () => {
    const at = ticks(120, 60, 656).map((tick) => tick.at);
    expect(at).toEqual([0, 15, 30, 45, 60, 75, 90, 105, 120]);
    expect(ticks(276, 0, 656).map((tick) => tick.at)).toEqual([0, 60, 120, 180, 240, 276]);
    expect(ticks(0, 0, 656)).toEqual([]);
  });
  it('shifts near flags apart and keeps them inside', () => {
    expect(spread([100, 105, 300], 22, 10, 646)).toEqual([100, 122, 300]);
    expect(spread([640, 645, 646], 22, 10, 646)).toEqual([602, 624, 646]);
    expect(spread([0], 22, 10, 646)).toEqual([10]);
    expect(pin_step_of(4, 360, true)).toBe(44);
    expect(pin_step_of(12, 360, true)).toBeCloseTo(340 / 11);
    expect(pin_step_of(40, 360, true)).toBe(22);
    expect(pin_step_of(4, 1000, false)).toBe(22);
  });
  it('never lays words over words', () => {
    const [press_words, gap] = place_labels(
      [
        { x: 100, long: 'a long name of a press', short: 'press', weight: 2 },
        { x: 110, long: 'nothing recorded here', short: '9 s', weight: 1 },
      ],
      656,
    );
    expect(press_words?.text).toBe('a long name of a press');
    expect(gap?.text).toBe('');
  });
});

describe('silence', () => {
  const peaks = [0.5, 0, 0, 0, 0, 0, 0.5, 0.5, 0, 0];
  it('is jumped to shortly before the next sound', () => {
    expect(after_silence([{ peaks }], 10, 1.2)).toBeCloseTo(5.6, 9);
    expect(after_silence([{ peaks }], 10, 0.5)).toBeNull();
    expect(after_silence([{ peaks }], 10, 5.2)).toBeNull();
  });
  it('counts only where every track is silent', () => {
    const other = peaks.map((_, i) => (i === 3 ? 0.4 : 0));
    expect(after_silence([{ peaks }, { peaks: other }], 10, 1)).toBeCloseTo(2.6, 9);
  });
  it('at the end runs to the end', () => {
    expect(after_silence([{ peaks: [0.5, 0, 0, 0] }], 4, 1)).toBeCloseTo(3.6, 9);
  });
});

describe('words', () => {
  const words = [
    { from: 1, to: 2 },
    { from: 2.1, to: 3 },
    { from: 9, to: 10 },
  ];
  it('the word heard is found, and none in a long pause', () => {
    expect(find_word(words, 0.5)).toBe(-1);
    expect(find_word(words, 1)).toBe(0);
    expect(find_word(words, 2.05)).toBe(0);
    expect(find_word(words, 2.5)).toBe(1);
    expect(find_word(words, 5)).toBe(-1);
    expect(find_word(words, 9.9)).toBe(2);
    expect(find_word([], 1)).toBe(-1);
  });
});

it('field paths of server and form mean the same', () => {
  expect(same_path('sections[0].items[2].text', 'sections.0.items.2.text')).toBe(true);
  expect(same_path('/name', 'name')).toBe(true);
  expect(same_path('name', 'names')).toBe(false);
});
