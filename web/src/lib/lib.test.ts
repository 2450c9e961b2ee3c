import { beforeEach, describe, expect, it } from 'vitest';
import en from '../../../i18n/en.json';
import ru from '../../../i18n/ru.json';
import { t, text_of, use_catalogue } from './lang';
import { figure, interval, minus, nbsp, number, percent, signed, thin } from './numbers';
import {
  day_of_text,
  day_text,
  clock,
  day_heading,
  day_key,
  doubt,
  duration,
  exact,
  place,
  recently,
  start_of_day,
  time_of_text,
  when,
} from './times';

const zone = 'Asia/Yekaterinburg';
const now = '2026-11-20T07:10:00Z'; // 12:10 there

describe('in Russian', () => {
  beforeEach(() => use_catalogue('ru', ru));

  it('numbers have thin thousands, a comma and a true minus', () => {
    expect(number(12443)).toBe(`12${thin}443`);
    expect(number(-5.25, 1)).toBe(`${minus}5,3`);
    expect(number(-0.04, 1)).toBe('0,0');
    expect(signed(0.3, 1)).toBe('+0,3');
    expect(signed(-5.2, 1)).toBe(`${minus}5,2`);
    expect(signed(0.04, 1)).toBe('0,0');
    expect(percent(0.727)).toBe(`72,7${nbsp}%`);
  });
  it('a figure stands with its interval and n', () => {
    expect(figure(8.4, 0.6, 37)).toBe(`8,4${nbsp}±${nbsp}0,6 · n${nbsp}=${nbsp}37`);
    expect(interval(8.4, null)).toBe('8,4');
  });
  it('times are those of the point, not of the reader', () => {
    expect(clock('2026-11-20T07:04:03Z', zone)).toBe('12:04');
    expect(day_key('2026-11-19T20:00:00Z', zone)).toBe('2026-11-20');
    expect(when('2026-11-20T07:04:03Z', zone, now)).toBe('12:04');
    expect(when('2026-11-19T13:30:00Z', zone, now)).toBe('вчера 18:30');
    expect(when('2026-11-14T13:30:00Z', zone, now)).toBe(`14${nbsp}нояб.`);
    expect(when('2025-11-14T13:30:00Z', zone, now)).toBe(`14${nbsp}нояб.${nbsp}2025`);
    expect(day_heading('2026-11-20T01:00:00Z', zone, now)).toBe(`Сегодня, 20${nbsp}ноября`);
    expect(exact('2026-11-20T07:04:03.4Z', zone, 200)).toBe(
      `20${nbsp}нояб.${nbsp}2026, 12:04:03 ±${nbsp}0,2${nbsp}с`,
    );
  });
  it('relative time ends at an hour', () => {
    expect(recently('2026-11-20T07:05:10Z', zone, now)).toBe('4 мин назад');
    expect(recently('2026-11-20T06:10:00Z', zone, now)).toBe('11:10');
    expect(recently('2026-11-20T07:11:00Z', zone, now)).toBe('12:11');
  });
  it('places count from the press', () => {
    expect(place(0, 60)).toBe(`${minus}1:00`);
    expect(place(46, 60)).toBe(`${minus}0:14`);
    expect(place(60, 60)).toBe('0:00');
    expect(place(60.9, 60)).toBe('0:00');
    expect(place(120, 60)).toBe('+1:00');
    expect(place(187.2)).toBe('3:07');
    expect(duration(119.96)).toBe('2:00');
    expect(duration(3723)).toBe('1:02:03');
    expect(doubt(12_400)).toBe(`±${nbsp}12${nbsp}с`);
  });
  it('a day is typed as the language writes it, and a day that is none is none', () => {
    expect(day_text('2026-11-05')).toBe('05.11.2026');
    expect(day_text('')).toBe('');
    expect(day_of_text(' 5.11.2026')).toBe('2026-11-05');
    expect(day_of_text('05112026')).toBe('2026-11-05');
    expect(day_of_text('31.02.2026')).toBeUndefined();
    expect(day_of_text('5.11.26')).toBeUndefined();
    use_catalogue('en', en);
    expect(day_text('2026-11-05')).toBe('05/11/2026');
  });
  it('a time is typed with or without a colon, and a time that is none is none', () => {
    expect(time_of_text('9:30')).toBe('09:30');
    expect(time_of_text('0930')).toBe('09:30');
    expect(time_of_text('24:00')).toBe('24:00');
    expect(time_of_text('9.30', true)).toBe('09:30:00');
    expect(time_of_text('203015', true)).toBe('20:30:15');
    expect(time_of_text(' ')).toBe('');
    expect(time_of_text('25:00')).toBeUndefined();
    expect(time_of_text('9:3')).toBeUndefined();
    expect(time_of_text('9:30:15')).toBeUndefined();
  });
  it('an unknown key is told, a bad parameter does not throw', () => {
    expect(text_of('ui.no.such')).toBeUndefined();
    expect(t('ui.time.minutes_ago', {})).toContain('мин');
  });
});

it('in English the point is decimal and words are English', () => {
  use_catalogue('en', en);
  expect(number(12443.5, 1)).toBe(`12${thin}443.5`);
  expect(when('2026-11-19T13:30:00Z', zone, now)).toBe('yesterday 18:30');
});

it('a day begins by the clock of its zone, clock changes too', () => {
  const at = (day: string, zone: string, later = 0) =>
    new Date(start_of_day(day, zone, later)).toISOString();
  expect(at('2026-11-20', 'Asia/Yekaterinburg')).toBe('2026-11-19T19:00:00.000Z');
  expect(at('2026-11-20', 'Asia/Yekaterinburg', 1)).toBe('2026-11-20T19:00:00.000Z');
  expect(at('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z');
  expect(at('2026-03-29', 'Europe/Berlin', 1)).toBe('2026-03-29T22:00:00.000Z');
});
