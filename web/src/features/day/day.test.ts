import { beforeEach, expect, it } from 'vitest';
import ru from '../../../../i18n/ru.json';
import { use_catalogue } from '../../lib/lang';
import { without_item, type Day, type Due } from './queries';
import { group_of, lateness, look_of, told_of } from './words';

beforeEach(() => use_catalogue('ru', ru));
const now = Date.parse('2026-11-20T09:00:00Z');
const due = (part: Partial<Due>): Due => ({
  kind: 'upload',
  item: 'upload.1',
  id: 'point_1',
  point_id: 'point_1',
  point_name: 'Касса',
  zone: 'Asia/Yekaterinburg',
  day: '2026-11-19',
  n: 3,
  reason: null,
  name: null,
  since: '2026-11-19T09:00:00Z',
  due_at: '2026-11-20T08:00:00Z',
  mark: 'tomorrow',
  signal: null,
  ...part,
});

it('is late, of today or later by the days of the site', () => {
  const group = (due_at: string) =>
    group_of(due({ due_at }), 'Asia/Yekaterinburg', '2026-11-20', now);
  expect(group('2026-11-20T08:59:00Z')).toBe('late');
  expect(group('2026-11-20T18:59:00Z')).toBe('today');
  expect(group('2026-11-20T19:00:00Z')).toBe('soon');
});
it('says how late it is', () => {
  const told = (due_at: string) => lateness(due({ due_at }), now);
  expect(told('2026-11-20T06:50:00Z')).toBe('опоздание 2 ч 10 мин');
  expect(told('2026-11-20T09:24:00Z')).toBe('осталось 24 мин');
  expect(told('2026-11-10T09:00:00Z')).toBe('опоздание 10 дней');
});
it('every kind has its words, its action and a reason', () => {
  const kinds = [
    'draft',
    'draw',
    'upload',
    'sound',
    'shift',
    'refusal',
    'job',
    'own_check',
  ] as const;
  for (const one of [
    ...kinds.map((kind) => due({ kind })),
    ...['no_basis', 'no_recorder', 'lost'].map((reason) => due({ kind: 'point', reason })),
  ]) {
    const look = look_of(one);
    expect(look.title, one.kind).not.toBe(one.kind);
    expect(look.act, one.kind).not.toBe('');
    expect(told_of(one).why, one.kind).not.toBe('');
  }
  expect(look_of(due({})).title).toBe('Загрузить запись за 19\u00a0нояб.: её ждут 3 нажатия');
});
it('what was done leaves the day at once', () => {
  const day = { items: [due({}), due({ item: 'b' })], total: 9 } as unknown as Day;
  expect(without_item(day, 'b')).toMatchObject({ total: 8, items: [{ item: 'upload.1' }] });
  expect(without_item(day, 'none')).toBe(day);
});
