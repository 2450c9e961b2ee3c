import { beforeEach, expect, it } from 'vitest';
import ru from '../../../../i18n/ru.json';
import type { CheckAnswer, FormAnswer, FormItem } from '../../api/types';
import { use_catalogue } from '../../lib/lang';
import {
  answer_label,
  answers_of,
  choices_of,
  flags_of,
  is_fault,
  lacks_evidence,
  next_open,
  rows_of,
  tone_of,
} from './sheet';
import { template_of_key, with_template, type Template } from './Templates';

const answer = (key: string, num: number | null, den = 1, points: number | null = null) =>
  ({ key, label: '', value_num: num, value_den: num === null ? null : den, points }) as FormAnswer;
const three = [answer('yes', 1), answer('partly', 1, 2), answer('no', 0)];
const item = (key: string, answers = three, more: Partial<FormItem> = {}): FormItem => ({
  key,
  text: key,
  hint: null,
  weight: 1,
  critical: null,
  keep_score: null,
  na_allowed: null,
  answers,
  ...more,
});
const body = {
  scoring: 'percentage' as const,
  na: 'remove' as const,
  sections: [
    { key: 's1', title: 'S1', items: [item('a'), item('b')] },
    { key: 's2', title: 'S2', items: [item('c', three, { na_allowed: false })] },
  ],
};
const given = (item_key: string, key: string): CheckAnswer => ({
  item: item_key,
  answer: key,
  comment: '',
});

beforeEach(() => use_catalogue('ru', ru));

it('items are numbered through all sections', () => {
  expect(rows_of(body).map((row) => `${row.no}${row.item.key}`)).toEqual(['1a', '2b', '3c']);
});
it('the colour follows the worth, whatever the words', () => {
  expect(['yes', 'partly', 'no', 'na', ''].map((key) => tone_of(item('a'), key))).toEqual([
    'green',
    'amber',
    'red',
    'text',
    'text',
  ]);
  const points = item('p', [answer('x', null, 1, 5), answer('y', null, 1, 2)]);
  expect([tone_of(points, 'x'), tone_of(points, 'y')]).toEqual(['green', 'amber']);
  const norm = item('z', [
    answer('up', null, 1, 1),
    answer('ok', null, 1, 0),
    answer('d', null, 1, -1),
  ]);
  expect(['up', 'ok', 'd'].map((key) => tone_of(norm, key))).toEqual(['green', 'green', 'red']);
});
it('keys give answers in order, zero is not applicable where it may be', () => {
  expect(choices_of(item('a')).map((one) => one.cap)).toEqual([
    'Digit1',
    'Digit2',
    'Digit3',
    'Digit0',
  ]);
  expect(choices_of(item('a', three, { na_allowed: false }))).toHaveLength(3);
  expect(answer_label(item('a'), 'partly')).toBe('Частично');
});
it('the next question is the next unanswered one, round the end', () => {
  const rows = rows_of(body);
  expect(next_open(rows, answers_of([given('a', 'yes')]), 0)).toBe(1);
  expect(next_open(rows, answers_of([given('b', 'yes'), given('c', 'na')]), 2)).toBe(0);
  const all = answers_of([given('a', 'yes'), given('b', 'no'), given('c', 'yes')]);
  expect(next_open(rows, all, 1)).toBe(1);
});
it('a fault wants its evidence, and evidence stands on the wave in its colour', () => {
  const shown = [
    {
      id: 'e',
      item: 'b',
      recording_id: 'r',
      channel: 0,
      media_sample: 1,
      quote: '',
      clip_sample: 96_000,
    },
  ];
  expect(lacks_evidence(item('b'), 'no', [])).toBe(true);
  expect(lacks_evidence(item('b'), 'no', shown)).toBe(false);
  expect(lacks_evidence(item('b'), 'partly', [])).toBe(true);
  expect(lacks_evidence(item('b'), 'na', [])).toBe(false);
  expect([is_fault(item('b'), 'no'), is_fault(item('b'), 'partly')]).toEqual([true, false]);
  const flags = flags_of(body, shown, answers_of([given('b', 'no')]));
  expect(flags).toEqual([{ id: 'e', at: 2, no: 2, tone: 'red' }]);
});

it('a ready comment goes to the end of what is written', () => {
  expect(with_template('', 'Не назвал срок')).toBe('Не назвал срок');
  expect(with_template('Торопился ', 'Не назвал срок')).toBe('Торопился. Не назвал срок');
  expect(with_template('Торопился!', 'Не назвал срок')).toBe('Торопился! Не назвал срок');
});
it('Alt and a digit choose a ready comment, by the place of the key', () => {
  const ready = ['a', 'b'].map((text) => ({ text }) as Template);
  const key = (code: string, more = {}) =>
    template_of_key(ready, { altKey: true, ctrlKey: false, metaKey: false, code, ...more })?.text;
  expect([key('Digit1'), key('Numpad2'), key('Digit3'), key('KeyA')]).toEqual([
    'a',
    'b',
    undefined,
    undefined,
  ]);
  expect(key('Digit1', { altKey: false })).toBeUndefined();
  expect(key('Digit1', { ctrlKey: true })).toBeUndefined();
});
