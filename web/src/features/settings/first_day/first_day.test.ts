import { describe, expect, it } from 'vitest';
import { done_of } from './FirstDayPage';
import { stand_of } from './stand';
import { missing_forms, trade_of } from './trades';

type Read = Parameters<typeof stand_of>[0];
const nothing: Read = {
  sites: [],
  points: [],
  wanted: null,
  recorders: [],
  devices: [],
  forms: [],
  signals: [],
  done: 0,
};
const made = (change: object) => stand_of({ ...nothing, ...change } as Read);
const point = { id: 'p', site_id: 's', name: 'Till', archived_at: null, basis_confirmed: true };

describe('what the first day stands at', () => {
  it('is nothing on an empty install', () => {
    expect(done_of(made({}))).toEqual({ done: 0, all: 8 });
  });
  it('is read from what exists, of the chosen point only', () => {
    const stand = made({
      points: [{ ...point, id: 'gone', archived_at: 'x' }, point],
      recorders: [{ point_id: 'other' }, { point_id: 'p', archived_at: 'x' }],
      devices: [{ point_id: 'p', revoked_at: null, paired_at: null, seen_at: 'now' }],
      forms: [{ purpose: 'signal' }],
    });
    expect(stand.point?.id).toBe('p');
    expect(stand.recorder).toBeUndefined();
    expect(stand.has_forms).toBe(false);
    expect(done_of(stand)).toEqual({ done: 4, all: 8 }); // point, card, device, its panel
  });
  it('tells a trial from a press that counts, and takes the newest that sounds', () => {
    const stand = made({
      points: [point],
      signals: [
        { id: 'silent', undone: false, test: false, length_ms: null },
        { id: 'trial', undone: true, test: true, length_ms: 9000 },
        { id: 'heard', undone: false, test: false, length_ms: 9000 },
      ],
    });
    expect(stand.tried).toBe(true);
    expect(stand.first?.id).toBe('heard');
    expect(made({ points: [point], signals: [{ id: 'a', undone: false }] }).tried).toBe(false);
  });
});

describe('a trade', () => {
  it('is known by its word only', () => {
    expect(trade_of('salon')).toBe('salon');
    expect(trade_of('bank')).toBeUndefined();
    expect(trade_of(null)).toBeUndefined();
  });
  it('does not make a form twice', () => {
    type Given = Parameters<typeof missing_forms>;
    const given = [[{ name: 'A' }, { name: 'B' }], [{ name: 'A', archived_at: null }]];
    expect(missing_forms(...(given as unknown as Given)).map((one) => one.name)).toEqual(['B']);
  });
});
