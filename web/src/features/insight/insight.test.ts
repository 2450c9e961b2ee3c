import { beforeEach, expect, it } from 'vitest';
import ru from '../../../../i18n/ru.json';
import { use_catalogue } from '../../lib/lang';
import { nbsp } from '../../lib/numbers';
import { asked_of, changed, days_between, month_days, rows_of, with_rows } from './asked';
import { lines_of } from './Groups';
import type { Figure, FigureValue } from './queries';
import { series_of, totals_of } from './series';
import { change_of, percent_words, share, told_of } from './words';

beforeEach(() => use_catalogue('ru', ru));
const now = Date.parse('2026-11-20T21:30:00Z'); // already 21 November in Yekaterinburg
const zone = 'Asia/Yekaterinburg';
const value = (part: Partial<FigureValue>): FigureValue => ({
  value: null,
  n: 0,
  missing: 0,
  left_out: 0,
  low: null,
  high: null,
  few: false,
  ...part,
});

it('a period ends today, by the calendar of the point', () => {
  expect(asked_of(new URLSearchParams('days=7'), zone, now)).toMatchObject({
    from: '2026-11-15',
    to: '2026-11-21',
    period: '7',
  });
  expect(asked_of(new URLSearchParams('days=5000'), zone, now).period).toBe('7');
});
it('own days stand as given, and turned round ones are not believed', () => {
  const own = new URLSearchParams('from=2026-11-01&to=2026-11-03&point=point_1');
  expect(asked_of(own, zone, now)).toEqual({
    from: '2026-11-01',
    to: '2026-11-03',
    point: 'point_1',
    period: '',
    with_from: '2026-10-29',
    with_to: '2026-10-31',
  });
  expect(asked_of(new URLSearchParams('from=2026-11-03&to=2026-11-01'), zone, now).period).toBe(
    '7',
  );
});
it('days run over the end of a month', () => {
  expect(days_between('2026-02-27', '2026-03-02')).toEqual([
    '2026-02-27',
    '2026-02-28',
    '2026-03-01',
    '2026-03-02',
  ]);
});
it('open rows stand in the address and leave it with a new filter', () => {
  const open = with_rows(new URLSearchParams('days=30'), {
    figure: 'signals',
    by: 'day',
    group: 'x',
  });
  expect(rows_of(open)).toEqual({
    figure: 'signals',
    by: 'day',
    group: 'x',
    point: '',
    part: '',
    reason: '',
  });
  expect(changed(open, { point: 'p' }).toString()).toBe('days=30&point=p');
  expect(rows_of(new URLSearchParams())).toBeNull();
});
it('a mean stands with its interval and n, and with words when there are few', () => {
  const mean = value({ value: 72.7, n: 24, low: 69.6, high: 75.8 });
  expect(told_of(mean, 'percent')).toEqual({
    number: `72,7${nbsp}±${nbsp}3,1${nbsp}%`,
    n: `n${nbsp}=${nbsp}24`,
  });
  const few = told_of(value({ value: 50, n: 3, few: true }), 'percent', 20);
  expect(few.number).toBeUndefined();
  expect(few.words).toContain('3 из 20');
  expect(told_of(value({}), 'percent', 20, 'нет оценок')).toEqual({ words: 'нет оценок' });
  expect(told_of(value({ value: 0 }), 'count')).toEqual({ number: '0' });
});
it('an interval cut by the scale is told by its ends', () => {
  expect(percent_words(value({ value: 97, n: 30, low: 92, high: 100 }))).toBe(
    `97,0${nbsp}(92,0–100,0)${nbsp}%`,
  );
});
it('nothing is shared out of nothing', () => {
  expect(share(1, 0)).toBe('');
  expect(share(5, 415)).toBe(`1,2${nbsp}%`);
});
it('cells become series whose sums are the totals', () => {
  const cell = (day: string, id: string, n: number) => ({ day, point_id: id, point_name: id, n });
  const days = ['2026-11-19', '2026-11-20'];
  const series = series_of(
    [cell('2026-11-19', 'a', 2), cell('2026-11-20', 'b', 5), cell('2026-11-20', 'a', 1),
      cell('2026-10-01', 'a', 9)], // prettier-ignore
    days,
  );
  expect(series.map((one) => [one.id, one.values, one.total])).toEqual([
    ['b', [0, 5], 5],
    ['a', [2, 1], 3],
  ]);
  expect(totals_of(series, 2)).toEqual([2, 6]);
});
it('groups of several figures meet in one line', () => {
  const figure = (name: string, groups: [string, number][]) =>
    ({
      name,
      groups: groups.map(([key, n]) => ({ key, label: key, ...value({ n }) })),
    }) as unknown as Figure;
  const lines = lines_of([
    figure('signals', [['a', 1], ['b', 4]]), // prettier-ignore
    figure('signals_failed', [['a', 1]]),
  ]);
  expect(lines.map((line) => line.key)).toEqual(['b', 'a']);
  expect(lines[1]?.of.get('signals_failed')?.n).toBe(1);
});
it('a month stands against the same days of the month before', () => {
  expect(month_days('2026-11-20')).toEqual({
    from: '2026-11-01',
    to: '2026-11-20',
    with_from: '2026-10-01',
    with_to: '2026-10-20',
  });
  // February has no 29th: both are as long as the shorter.
  expect(month_days('2027-03-31')).toMatchObject({ to: '2027-03-28', with_to: '2027-02-28' });
  expect(month_days('2027-01-01')).toMatchObject({
    with_from: '2026-12-01',
    with_to: '2026-12-01',
  });
});
it('a change is coloured only where chance is ruled out', () => {
  const change = { before: 70, before_n: 40, difference: 3, low: -1.4, high: 7.4, clear: false };
  expect(change_of(change, 'percent', false)).toMatchObject({ tone: 'quiet', trend: 'same' });
  expect(change_of(change, 'percent', false)?.text).toContain('погрешности');
  const clear = { ...change, difference: -5.2, low: -9.6, high: -0.8, clear: true };
  expect(change_of(clear, 'percent', false)).toMatchObject({ tone: 'red', trend: 'down' });
  expect(change_of(clear, 'count', false)?.tone).toBe('quiet');
  expect(change_of(clear, 'percent', true)).toBeNull();
  expect(change_of({ ...clear, difference: null }, 'percent', false)).toBeNull();
});
