import { expect, it } from 'vitest';
import type { ClipView } from '../api/types';
import { skip_of, takers } from './queue';

type Check = { state: string; mine: boolean; checker_name: string };
const clip = (checks: Check[] = [], more: object = {}, signal: object = {}) =>
  ({
    version: { number: 1 },
    signal: { undone: false, state: 'new', ...signal },
    checks,
    ...more,
  }) as unknown as ClipView;
const by = (state: string, mine: boolean, checker_name = 'Белова') => ({
  state,
  mine,
  checker_name,
});

it('what nobody has taken is next, also when a check of it was withdrawn', () => {
  expect(skip_of(clip())).toBeNull();
  expect(skip_of(clip([by('withdrawn', false)]))).toBeNull();
  expect(skip_of(clip([by('draft', true)]))).toBeNull(); // one's own draft goes on
  expect(skip_of(clip([], {}, { state: 'later' }))).toBeNull();
});
it('what somebody else has begun or processed meanwhile is passed over, and named', () => {
  expect(skip_of(clip([by('draft', false, 'Орлова')]))).toEqual({ why: 'taken', who: 'Орлова' });
  expect(skip_of(clip([by('done', false)]))).toMatchObject({ why: 'taken' });
  expect(skip_of(clip([], {}, { state: 'done' }))).toEqual({ why: 'taken' });
  expect(takers([{ why: 'taken', who: 'А' }, { why: 'mine' }, { why: 'taken', who: 'А' }])).toEqual(
    ['А'],
  );
});
it('nothing to hear, a withdrawn press and what one has checked are passed over too', () => {
  expect(skip_of(clip([], { version: null }))).toEqual({ why: 'silent' });
  expect(skip_of(clip([], {}, { undone: true }))).toEqual({ why: 'gone' });
  expect(skip_of(null)).toEqual({ why: 'gone' });
  expect(skip_of(clip([by('done', true)]))).toEqual({ why: 'mine' });
});
