// Times are those of the contact point's zone; a clip counts from its press.
import { lang, locale, t } from './lang';
import { minus, nbsp, number } from './numbers';

export type Instant = string | number | Date;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${lang()}|${zone}|${JSON.stringify(options)}`;
  let made = formats.get(name);
  if (!made) {
    made = new Intl.DateTimeFormat(locale(), { ...options, timeZone: zone });
    formats.set(name, made);
  }
  return made;
}

function date_of(at: Instant): Date {
  return at instanceof Date ? at : new Date(at);
}

/** 12:04 */
export function clock(at: Instant, zone: string): string {
  return format(zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(date_of(at));
}

/** 12:04:03 */
export function clock_seconds(at: Instant, zone: string): string {
  return format(zone, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(date_of(at));
}

/** 2026-11-20: the local calendar day, fit for comparing and for the URL. */
export function day_key(at: Instant, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    timeZone: zone,
  }).formatToParts(date_of(at));
  const pick = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return `${pick('year')}-${pick('month')}-${pick('day')}`;
}

function offset_ms(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(new Date(at));
  const pick = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const local = Date.UTC(
    pick('year'),
    pick('month') - 1,
    pick('day'),
    pick('hour'),
    pick('minute'),
    pick('second'),
  );
  return local - Math.floor(at / 1000) * 1000;
}

/** The instant at which a local day begins; `later` days after it. */
export function start_of_day(day: string, zone: string, later = 0): number {
  const local = Date.parse(`${day}T00:00:00Z`) + later * 86_400_000;
  // Twice: the first guess may lie on the other side of a clock change.
  const guess = local - offset_ms(local, zone);
  return local - offset_ms(guess, zone);
}

/** The instant of a local moment «2026-11-20», «09:30:00»; nothing when it is not one. */
export function local_instant(day: string, time: string, zone: string): number | undefined {
  const local = Date.parse(`${day}T${/^\d\d:\d\d$/.test(time) ? `${time}:00` : time}Z`);
  if (Number.isNaN(local)) return undefined;
  const guess = local - offset_ms(local, zone);
  return local - offset_ms(guess, zone);
}

/** 20.11.2026, 20/11/2026: a day key as it is typed. */
export function day_text(day: string): string {
  const [year, month, date] = day.split('-');
  return date ? [date, month, year].join(lang() === 'ru' ? '.' : '/') : '';
}

/** The day key of what a person typed: «20.11.2026», «1/2/2026», «20112026»; else nothing. */
export function day_of_text(text: string): string | undefined {
  const found =
    /^\s*(\d{1,2})[./\s-](\d{1,2})[./\s-](\d{4})\s*$/.exec(text) ??
    /^\s*(\d\d)(\d\d)(\d{4})\s*$/.exec(text);
  if (!found) return undefined;
  const [, date = '', month = '', year = ''] = found;
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const at = Date.parse(`${day}T00:00:00Z`);
  // 31.02 is taken for 3.03 by some engines; a day that is not itself is none.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day) ? day : undefined;
}

/**
 * The time that a person typed: «9:30», «09.30», «0930», «9:30:15»; empty when cleared, nothing
 * when it is not one. 24:00 is the end of a day, as shops write it.
 */
export function time_of_text(text: string, seconds = false): string | undefined {
  if (text.trim() === '') return '';
  const found =
    /^\s*(\d{1,2})[:.\s-](\d{2})(?:[:.\s-](\d{2}))?\s*$/.exec(text) ??
    /^\s*(\d{2})(\d{2})(\d{2})?\s*$/.exec(text);
  if (!found) return undefined;
  const [, hour = '', minute = '', second] = found;
  const whole = [hour.padStart(2, '0'), minute];
  if (seconds) whole.push(second ?? '00');
  else if (second !== undefined) return undefined;
  const in_day = Number(hour) < 24 && Number(minute) < 60 && Number(second ?? 0) < 60;
  const time = whole.join(':');
  return in_day || time === '24:00' ? time : undefined;
}

/** 14 нояб., with the year when it is another one. */
export function day_short(at: Instant, zone: string, now: Instant = Date.now()): string {
  const other_year = day_key(at, zone).slice(0, 4) !== day_key(now, zone).slice(0, 4);
  const text = format(zone, {
    day: 'numeric',
    month: 'short',
    ...(other_year ? { year: 'numeric' } : {}),
  }).format(date_of(at));
  return text.replace(/\s\u0433\.$/, '').replace(/ /g, nbsp);
}

/** 20 ноября */
export function day_long(at: Instant, zone: string, now: Instant = Date.now()): string {
  const other_year = day_key(at, zone).slice(0, 4) !== day_key(now, zone).slice(0, 4);
  const text = format(zone, {
    day: 'numeric',
    month: 'long',
    ...(other_year ? { year: 'numeric' } : {}),
  }).format(date_of(at));
  return text.replace(/\s\u0433\.$/, '').replace(/ /g, nbsp);
}

function days_ago(at: Instant, zone: string, now: Instant): number {
  const day = (moment: Instant) => Date.parse(`${day_key(moment, zone)}T00:00:00Z`) / 86_400_000;
  return day(now) - day(at);
}

/** Heading of a day in a list: «Сегодня, 20 ноября». */
export function day_heading(at: Instant, zone: string, now: Instant = Date.now()): string {
  const day = day_long(at, zone, now);
  const ago = days_ago(at, zone, now);
  if (ago === 0) return t('ui.time.today_day', { day });
  if (ago === 1) return t('ui.time.yesterday_day', { day });
  return day;
}

/** «12:04» today, «вчера 18:30», else «14 нояб.» (with the clock if asked). */
export function when(
  at: Instant,
  zone: string,
  now: Instant = Date.now(),
  with_clock = false,
): string {
  const ago = days_ago(at, zone, now);
  if (ago === 0) return clock(at, zone);
  if (ago === 1) return t('ui.time.yesterday', { time: clock(at, zone) });
  const day = day_short(at, zone, now);
  return with_clock ? `${day} ${clock(at, zone)}` : day;
}

/** «5 мин назад» under an hour, else as `when`. */
export function recently(at: Instant, zone: string, now: Instant = Date.now()): string {
  const minutes = Math.floor((date_of(now).getTime() - date_of(at).getTime()) / 60_000);
  if (minutes < 0 || minutes >= 60) return when(at, zone, now, true);
  return minutes === 0 ? t('ui.time.just_now') : t('ui.time.minutes_ago', { n: minutes });
}

/** The half-width of doubt: «± 0,2 с»; whole seconds from ten up. */
export function doubt(uncertainty_ms: number): string {
  const seconds = uncertainty_ms / 1000;
  const digits = seconds >= 10 ? 0 : seconds >= 0.05 || seconds === 0 ? 1 : 2;
  return t('ui.time.doubt', { seconds: number(seconds, digits) });
}

/** For tooltips: «20 нояб. 2026, 12:04:03 ± 0,2 с». */
export function exact(at: Instant, zone: string, uncertainty_ms?: number | null): string {
  const day = format(zone, { day: 'numeric', month: 'short', year: 'numeric' })
    .format(date_of(at))
    .replace(/\s\u0433\.$/, '')
    .replace(/ /g, nbsp);
  const base = `${day}, ${clock_seconds(at, zone)}`;
  return uncertainty_ms == null ? base : `${base} ${doubt(uncertainty_ms)}`;
}

function minutes_seconds(total: number): string {
  const h = Math.floor(total / 3600);
  const m = Math.floor((total % 3600) / 60);
  const s = String(total % 60).padStart(2, '0');
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`;
}

/** A length: 2:00, 1:02:03. */
export function duration(seconds: number): string {
  return minutes_seconds(Math.max(0, Math.round(seconds)));
}

/**
 * A place on a record. With a press at `origin` it reads −0:58, 0:00, +0:14; without it 1:53.
 * Seconds are cut down, as a clock does, so that a place never reads later than it is.
 */
export function place(seconds: number, origin = 0): string {
  if (origin === 0) return minutes_seconds(Math.max(0, Math.floor(seconds + 1e-6)));
  const whole = Math.floor(seconds - origin + 1e-6);
  if (whole === 0) return '0:00';
  return (whole < 0 ? minus : '+') + minutes_seconds(Math.abs(whole));
}
