import { describe, expect, it } from 'vitest';
import ru from '../../../../i18n/ru.json';
import { use_catalogue } from '../../lib/lang';
import { curl_line } from './Devices';
import {
  body_to_send,
  dropped,
  fraction_of,
  free_key,
  item_keys,
  moved,
  new_body,
  new_item,
  percent_of,
  replaced,
  with_scoring,
} from './form_body';
import { restore_words } from './Machine';
import { hours_of_rows, hours_words, rows_of_hours } from './point_hours';

describe('open hours', () => {
  const names = ['Пн', 'Вт', 'Ср', 'Чт', 'Пт', 'Сб', 'Вс'];
  const row = (weekday: number, opens: string, closes: string) => ({ weekday, opens, closes });
  it('a closed day is not sent, and comes back closed', () => {
    const rows = [row(1, '09:00', '20:00'), row(6, '10:00', '24:00')];
    const week = hours_of_rows(rows);
    expect(week.map((day) => day.open)).toEqual([true, false, false, false, false, true, false]);
    expect(rows_of_hours(week)).toEqual(rows);
    expect(rows_of_hours(hours_of_rows([]))).toEqual([]);
  });
  it('days with the same hours are said in one piece', () => {
    const work = [1, 2, 3, 4, 5].map((day) => row(day, '09:00', '20:00'));
    expect(hours_words([row(6, '10:00', '18:00'), ...work], names)).toBe(
      'Пн–Пт 09:00–20:00, Сб 10:00–18:00',
    );
    expect(hours_words([row(1, '9:00', '10:00'), row(3, '9:00', '10:00')], names)).toBe(
      'Пн 9:00–10:00, Ср 9:00–10:00',
    );
    expect(hours_words([], names)).toBe('');
  });
});

describe('a form while it is edited', () => {
  it('keys are new and kept ones stay', () => {
    expect(free_key('q', [])).toBe('q1');
    expect(free_key('q', ['q1', 'q3'])).toBe('q4');
    expect(free_key('q', ['x', 'q3'])).toBe('q4');
    const body = new_body();
    expect(item_keys(body)).toEqual(['q1']);
    expect(new_item(body).key).toBe('q2');
  });
  it('per cent become exact fractions and come back', () => {
    expect(fraction_of(50)).toEqual({ value_num: 1, value_den: 2 });
    expect(fraction_of(0)).toEqual({ value_num: 0, value_den: 1 });
    expect(fraction_of(120)).toEqual({ value_num: 1, value_den: 1 });
    expect(fraction_of(33.3)).toEqual({ value_num: 333, value_den: 1000 });
    expect(percent_of({ key: 'a', label: '', points: null, ...fraction_of(12.5) })).toBe(12.5);
  });
  it('another scoring gives the answers other values', () => {
    const body = new_body();
    const points = with_scoring(body, 'points');
    expect(points.sections[0]?.items[0]?.answers.map((one) => one.points)).toEqual([1, 0]);
    expect(points.sections[0]?.items[0]?.answers.every((one) => one.value_num === null)).toBe(true);
    const norm = with_scoring(points, 'zero_norm');
    expect(norm.sections[0]?.items[0]?.answers.map((one) => one.points)).toEqual([0, -1]);
    expect(with_scoring(body, 'percentage')).toBe(body);
  });
  it('what is not there is not sent', () => {
    const sent = JSON.stringify(body_to_send(new_body()));
    expect(sent).not.toContain('null');
    expect(sent).not.toContain('hint');
    expect(sent).toContain('"value_num":0');
  });
  it('lists move, change and lose their parts without touching the old list', () => {
    const list = ['a', 'b', 'c'];
    expect(moved(list, 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moved(list, 2, 1)).toEqual(list);
    expect(moved(list, 0, -1)).toEqual(list);
    expect(dropped(list, 1)).toEqual(['a', 'c']);
    expect(replaced([{ n: 1 }, { n: 2 }], 1, { n: 5 })).toEqual([{ n: 1 }, { n: 5 }]);
    expect(list).toEqual(['a', 'b', 'c']);
  });
});

it('the line to try carries the token and a press', () => {
  const line = curl_line('https://x.example', 'dev_secret');
  expect(line).toContain('https://x.example/api/v1/presses');
  expect(line).toContain('Bearer dev_secret');
  expect(line).toContain('"key":"1"');
});
it('a restore says what it took from the journal', () => {
  use_catalogue('ru', ru);
  const day = '2026-11-20T12:00:00Z';
  const one = { restored_at: day, backup_at: '2026-11-19T03:00:00Z', head: 40 };
  expect(restore_words({ ...one, lost_to: 43 }, 'UTC')).toMatch(/потеряны 3 печати$/);
  expect(restore_words({ ...one, lost_to: 45 }, 'UTC')).toMatch(/потеряно 5 печатей$/);
  expect(restore_words({ ...one, lost_to: 40 }, 'UTC')).toMatch(/ничего не потеряно$/);
});
