import { beforeEach, expect, it } from 'vitest';
import ru from '../../../../i18n/ru.json';
import type { ClipPiece } from '../../api/types';
import { use_catalogue } from '../../lib/lang';
import { loudness, spoken_of, who_of } from '../../lib/sound';
import { lines_of, said_lines } from '../../ui/words/lines';
import { gaps_of } from './gaps';

beforeEach(() => use_catalogue('ru', ru));
const word = (text: string, from: number, to: number, more: object = {}) =>
  spoken_of({
    text,
    begin_sample: from * 48_000,
    end_sample: to * 48_000,
    speaker: null,
    confidence: null,
    ...more,
  });
const texts = (words: ReturnType<typeof word>[], cuts: number[] = []) =>
  said_lines(words, cuts).map((line) => line.words.map((one) => one.text).join(' '));

it('another speaker, a pause and a new sentence begin a line', () => {
  const words = [
    word('a', 0, 0.4),
    word('b', 0.5, 0.9),
    word('c', 3, 3.3),
    word('d.', 3.4, 3.7),
    word('e', 4.2, 4.5),
    word('f', 4.6, 4.9, { speaker: 'client' }),
  ];
  expect(texts(words)).toEqual(['a b', 'c d.', 'e', 'f']);
});
it('the press parts a line in two', () => {
  const words = [word('a', 0, 0.4), word('b', 0.5, 0.9)];
  expect(texts(words, [0.45])).toEqual(['a', 'b']);
  const lines = lines_of(words, { press: { at: 0.45, text: 'P' } });
  expect(lines.map((line) => line.kind)).toEqual(['said', 'press', 'said']);
});
it('a gap stands at its place, a joint of files is nothing', () => {
  const piece = (kind: string, from: number, length: number) =>
    ({
      kind,
      clip_sample: from * 48_000,
      sample_count: length * 48_000,
      gap_text: 'lost',
    }) as ClipPiece;
  const gaps = gaps_of([piece('sound', 0, 10), piece('gap', 10, 9), piece('gap', 30, 0.04)]);
  expect(gaps).toEqual([{ from: 10, to: 19, why: 'lost' }]);
  const lines = lines_of([word('a', 1, 2), word('b', 20, 21)], {
    gaps: gaps.map((gap) => ({ ...gap, text: gap.why })),
  });
  expect(lines.map((line) => line.at)).toEqual([1, 10, 20]);
});
it('a speaker is named in words of ours or as written', () => {
  expect(who_of('client')).toBe('Клиент');
  expect(who_of('Анна')).toBe('Анна');
  expect(who_of(null)).toBe('');
});
it('only a doubtful word is marked', () => {
  expect(word('a', 0, 1, { confidence: 0.4 }).doubt).toContain('40');
  expect(word('b', 1, 2).doubt).toBeUndefined();
});
it('words of a drawn interval count from its start', () => {
  const one = { text: 'a', begin_sample: 96_000, end_sample: 144_000, speaker: null };
  expect(spoken_of({ ...one, confidence: null }, 48_000)).toMatchObject({ from: 1, to: 2 });
});
it('loudness is the greater side of the wave', () => {
  expect(loudness({ min: [-128, 0], max: [10, 64] })).toEqual([1, 0.5]);
  expect(loudness(undefined)).toEqual([]);
});
