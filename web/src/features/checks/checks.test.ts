import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import ru from '../../../../i18n/ru.json';
import { problem_from } from '../../api/problem';
import type { CheckAnswer, CheckView, FormAnswer, FormItem } from '../../api/types';
import { use_catalogue } from '../../lib/lang';
import { AnswerSaver } from './saver';
import {
  answer_label,
  answers_of,
  choices_of,
  flags_of,
  lacks_evidence,
  next_open,
  rows_of,
  tone_of,
} from './sheet';

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
const view = (version: number, answers: CheckAnswer[] = [], more: Partial<CheckView> = {}) =>
  ({ id: 'check_1', version, form: { body }, answers, evidence: [], ...more }) as CheckView;
const given = (item_key: string, key: string): CheckAnswer => ({
  item: item_key,
  answer: key,
  comment: '',
});

beforeEach(() => use_catalogue('ru', ru));
afterEach(() => vi.useRealTimers());

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
  expect(lacks_evidence(item('b'), 'partly', [])).toBe(false);
  const flags = flags_of(view(1, [], { evidence: shown }), answers_of([given('b', 'no')]));
  expect(flags).toEqual([{ id: 'e', at: 2, no: 2, tone: 'red' }]);
});

it('answers are saved together, upon the version the last save gave', async () => {
  vi.useFakeTimers();
  const sent: [string[], number][] = [];
  const saver = new AnswerSaver(view(1), {
    put: async (answers, version) => {
      sent.push([answers.map((one) => `${one.item}=${one.answer}`), version]);
      return view(version + 1, answers);
    },
    read: async () => view(9),
  });
  saver.set('a', { answer: 'no' });
  saver.set('a', { answer: 'yes' });
  saver.set('b', { answer: 'na' });
  expect(saver.snapshot().answers.get('a')?.answer).toBe('yes');
  expect(saver.snapshot().state.kind).toBe('saving');
  await vi.advanceTimersByTimeAsync(400);
  expect(saver.snapshot().state.kind).toBe('saved');
  saver.set('b', { comment: 'x' });
  await saver.flush();
  expect(sent).toEqual([
    [['a=yes', 'b=na'], 1],
    [['b=na'], 2],
  ]);
});
it('a check changed elsewhere is shown as the server has it', async () => {
  const saver = new AnswerSaver(view(1), {
    put: async () => {
      throw problem_from(412, { code: 'row.changed' });
    },
    read: async () => view(5, [given('a', 'partly')]),
  });
  saver.set('a', { answer: 'yes' });
  await saver.flush();
  expect(saver.snapshot().state.kind).toBe('conflict');
  expect(saver.snapshot().answers.get('a')?.answer).toBe('partly');
  expect(saver.snapshot().view.version).toBe(5);
});
it('without a connection nothing typed is lost', async () => {
  vi.useFakeTimers();
  let fail = true;
  const saver = new AnswerSaver(view(1), {
    put: async (answers, version) => {
      if (fail) throw problem_from(0, {});
      return view(version + 1, answers);
    },
    read: async () => view(1),
  });
  saver.set('a', { answer: 'yes' });
  await vi.advanceTimersByTimeAsync(400);
  expect(saver.snapshot().state.kind).toBe('offline');
  expect(saver.snapshot().answers.get('a')?.answer).toBe('yes');
  fail = false;
  await vi.advanceTimersByTimeAsync(3_100);
  expect(saver.snapshot().state.kind).toBe('saved');
  expect(saver.snapshot().view.version).toBe(2);
});
it('an act waits for the answers before it', async () => {
  const order: string[] = [];
  const saver = new AnswerSaver(view(1), {
    put: async (answers, version) => {
      order.push('put');
      return view(version + 1, answers);
    },
    read: async () => view(1),
  });
  saver.set('a', { answer: 'yes' });
  const done = await saver.act(
    async (version) => {
      order.push(`finish ${version}`);
      return view(version + 1, [], { state: 'done' });
    },
    () => order.push('refused'),
  );
  expect(done).toBe(true);
  expect(order).toEqual(['put', 'finish 2']);
  expect(saver.snapshot().view.state).toBe('done');
});
