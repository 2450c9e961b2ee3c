import { expect, it } from 'vitest';
import {
  day_look,
  frame_of,
  merged,
  minutes_of,
  rank,
  ticks_of,
  without,
  type Coverage,
} from './coverage';
import { shown_share, work_lines } from './losses';
import { start_in_name } from './start_name';
import { instant_of, window_samples, windows_of } from './windows';

const at = (time: string) => `2026-11-20T${time}:00Z`;
const ms = (time: string) => Date.parse(at(time));
const day = (part: Partial<Coverage>): Coverage => ({
  zone: 'UTC',
  begin_at: '2026-11-20T00:00:00Z',
  end_at: '2026-11-21T00:00:00Z',
  stretches: [],
  gaps: [],
  presses: [],
  ...part,
});
const stretch = (from: string, to: string) => ({
  recording_id: from,
  begin_at: at(from),
  end_at: at(to),
});
const late = ms('23:00');

it('spans that meet are one, and what is left of a whole is told', () => {
  expect(merged([{ from: 5, to: 9 }, { from: 1, to: 5 }, { from: 20, to: 21 }])).toEqual([
    { from: 1, to: 9 },
    { from: 20, to: 21 },
  ]); // prettier-ignore
  expect(without({ from: 0, to: 10 }, [{ from: 2, to: 3 }, { from: 8, to: 12 }])).toEqual([
    { from: 0, to: 2 },
    { from: 3, to: 8 },
  ]); // prettier-ignore
});
it('a declared gap is lost, an undeclared one between files waits', () => {
  const look = day_look(
    day({
      stretches: [stretch('09:00', '10:00'), stretch('10:20', '11:00'), stretch('11:30', '12:00')],
      gaps: [{ begin_at: at('10:00'), end_at: at('10:20'), cause: 'off' }],
      presses: [
        { signal_id: 'a', at: at('09:30'), kind: 'praise', undone: false },
        { signal_id: 'b', at: at('10:10'), kind: 'idea', undone: false },
        { signal_id: 'c', at: at('11:10'), kind: 'idea', undone: false },
        { signal_id: 'd', at: at('11:11'), kind: 'idea', undone: true },
      ],
    }),
    late,
  );
  expect(minutes_of(look.lost_ms)).toBe(20);
  expect(look.holes).toEqual([{ from: ms('11:00'), to: ms('11:30') }]);
  expect(look.presses.map((press) => press.silent)).toEqual([null, 'lost', 'waits']);
  expect(look.last).toBe(ms('12:00'));
});
it('a late file heals a gap; a pause is no loss; the future is neither', () => {
  const look = day_look(
    day({
      stretches: [stretch('09:00', '10:15')],
      gaps: [
        { begin_at: at('10:00'), end_at: at('10:20'), cause: 'off' },
        { begin_at: at('10:30'), end_at: at('10:40'), cause: 'paused' },
        { begin_at: at('12:00'), end_at: at('18:00'), cause: 'off' },
      ],
    }),
    ms('13:00'),
  );
  expect(minutes_of(look.lost_ms)).toBe(5 + 60);
  expect(look.paused).toHaveLength(1);
});
it('the frame holds what happened, in whole hours', () => {
  const look = day_look(day({ stretches: [stretch('09:10', '16:20')] }), late);
  expect(frame_of([look], Date.parse('2026-11-25T00:00:00Z'))).toEqual({
    from: ms('09:00'),
    to: ms('17:00'),
  });
  expect(ticks_of({ from: ms('09:00'), to: ms('17:00') })).toHaveLength(5);
  expect(ticks_of({ from: ms('00:00'), to: ms('00:00') + 24 * 3_600_000 })).toHaveLength(7);
  expect(frame_of([day_look(day({}), late)], 0).from).toBe(ms('08:00'));
});
it('points without a basis come first, then those that lost sound', () => {
  const whole = day_look(day({ stretches: [stretch('09:00', '10:00')] }), late);
  const torn = day_look(
    day({ gaps: [{ begin_at: at('09:00'), end_at: at('09:01'), cause: 'off' }] }),
    late,
  );
  const ok = { basis_confirmed: true };
  expect([rank({ basis_confirmed: false }), rank(ok, torn), rank(ok, whole)]).toEqual([0, 1, 3]);
});
it('a start is read from names that recorders give', () => {
  const start = { day: '2026-11-20', time: '08:30:00' };
  expect(start_in_name('20261120_083000.wav')).toEqual(start);
  expect(start_in_name('2026-11-20 08-30-00.ogg')).toEqual(start);
  expect(start_in_name('REC_20261120083000.mp3')).toEqual(start);
  expect(start_in_name('20.11.2026 08-30.flac')).toEqual(start);
  expect(start_in_name('261120-083000.wav')).toEqual(start);
  expect(start_in_name('2026-02-31 08-30-00.wav')).toBeUndefined();
  expect(start_in_name('zapis.wav')).toBeUndefined();
});
it('a recording is heard in parts of ten minutes, a short end joins the last', () => {
  expect(windows_of(window_samples * 2 + 48_000 * 30)).toEqual([
    { from: 0, to: window_samples },
    { from: window_samples, to: window_samples * 2 + 48_000 * 30 },
  ]);
  expect(windows_of(48_000)).toEqual([{ from: 0, to: 48_000 }]);
  expect(windows_of(0)).toEqual([]);
});
it('instants follow the clock map between its points and real time outside', () => {
  const points = [
    { media_sample: 0, at: '2026-11-20T09:00:00Z' },
    { media_sample: 48_000 * 100, at: '2026-11-20T09:01:41Z' },
  ];
  expect(instant_of(points, '', 48_000 * 50)).toBe(Date.parse('2026-11-20T09:00:50.500Z'));
  expect(instant_of(points, '', 48_000 * 110)).toBe(Date.parse('2026-11-20T09:01:51Z'));
  expect(instant_of([], '2026-11-20T09:00:00Z', 48_000)).toBe(Date.parse('2026-11-20T09:00:01Z'));
});

it('tells how much of the working time is recorded, the worst point first', () => {
  const points = [
    { id: 'a', name: 'A' },
    { id: 'b', name: 'B' },
    { id: 'c', name: 'C' },
  ];
  const hour = 3_600_000;
  const lines = work_lines(
    [
      { point_id: 'a', expected_ms: 8 * hour, recorded_ms: 8 * hour - 90_000 },
      { point_id: 'b', expected_ms: 8 * hour, recorded_ms: 1000 },
      { point_id: 'c', expected_ms: null, recorded_ms: 0 },
      { point_id: 'gone', expected_ms: hour, recorded_ms: 0 },
    ],
    points,
  );
  expect(lines.map((line) => line.id)).toEqual(['b', 'a']);
  // Not 100 % while more than a minute is missing, and not 0 where something is there.
  expect(lines.map(shown_share)).toEqual([0.01, 0.99]);
  const closed = work_lines([{ point_id: 'a', expected_ms: 0, recorded_ms: 0 }], points);
  expect(closed.map(shown_share)).toEqual([undefined]);
});
