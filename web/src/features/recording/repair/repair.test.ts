import { describe, expect, it } from 'vitest';
import { body_of, seconds_typed, wants_nothing, type Typed } from './wish';

const seen = [{ id: 'recording_1', map_number: 2, repair_number: 1 }];
const at = (sample: number) => Date.UTC(2026, 10, 20, 9) + sample / 48;
const typed = (change: Partial<Typed>): Typed => ({
  how: 'as_is',
  day: '2026-11-20',
  time: '09:00:00',
  doubt_s: '1',
  place: '0',
  source: 'person',
  later: true,
  by: '',
  recorder: '',
  point: '',
  ...change,
});

describe('a length as it is typed', () => {
  it.each([
    ['90', 90],
    ['1:30', 90],
    ['1:00:00', 3600],
    ['0,25', 0.25],
    ['2:03.5', 123.5],
  ])('%s is %d s', (text, seconds) => expect(seconds_typed(text)).toBe(seconds));
  it.each(['', 'an hour', '1:60', '1:2:3:4', '-5', '1:', ':5', '1,5:00'])('%s is none', (text) =>
    expect(seconds_typed(text)).toBeUndefined(),
  );
});

describe('what is sent', () => {
  it('carries what the person saw, and nothing that was not typed', () =>
    expect(body_of(seen, typed({ recorder: 'recorder_1' }), 'Europe/Moscow', at)).toEqual({
      recordings: [{ recording_id: 'recording_1', map_number: 2, repair_number: 1 }],
      recorder_id: 'recorder_1',
    }));
  it('takes a begin as the local time of the point', () =>
    expect(body_of(seen, typed({ how: 'begins' }), 'Asia/Yekaterinburg', at)).toMatchObject({
      heard_at: '2026-11-20T04:00:00.000Z',
      heard_sample: 0,
      heard_uncertainty_ms: 1000,
    }));
  it('takes a second of sound by its sample', () =>
    expect(body_of(seen, typed({ how: 'heard', place: '1:00,5' }), 'UTC', at)).toMatchObject({
      heard_sample: 60.5 * 48_000,
    }));
  it('nudges a second from where the clock has it now', () =>
    expect(
      body_of(
        seen,
        typed({ how: 'nudge', place: '60', by: '0,3', later: false, doubt_s: '0,2' }),
        'UTC',
        at,
      ),
    ).toMatchObject({
      heard_at: '2026-11-20T09:00:59.700Z',
      heard_source: 'nudge',
      heard_uncertainty_ms: 200,
    }));
  it('shifts both ways', () => {
    expect(body_of(seen, typed({ how: 'shift', by: '1:00:00' }), 'UTC', at)?.shift_ms).toBe(
      3_600_000,
    );
    expect(
      body_of(seen, typed({ how: 'shift', by: '0,25', later: false }), 'UTC', at)?.shift_ms,
    ).toBe(-250);
  });
  it('is nothing while something typed is no time', () => {
    expect(body_of(seen, typed({ how: 'shift', by: 'x' }), 'UTC', at)).toBeUndefined();
    expect(body_of(seen, typed({ how: 'begins', day: '' }), 'UTC', at)).toBeUndefined();
    expect(wants_nothing(typed({}))).toBe(true);
    expect(wants_nothing(typed({ point: 'point_1' }))).toBe(false);
  });
});
