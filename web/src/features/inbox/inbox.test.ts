import { expect, it } from 'vitest';
import { asked_of, changed, days_of, gather, is_narrow } from './filters';
import { without } from './queries';

it('days are counted with both ends', () => {
  expect(days_of('7', '2026-11-20')).toEqual({ from: '2026-11-14', to: '2026-11-20' });
  expect(days_of('yesterday', '2026-03-01')).toEqual({ from: '2026-02-28', to: '2026-02-28' });
  expect(days_of('', '2026-11-20')).toEqual({ from: '', to: '' });
  expect(days_of('x', '2026-11-20')).toEqual({ from: '', to: '' });
});
it('today is the day of the point', () => {
  const late = Date.parse('2026-11-19T20:00:00Z');
  const asked = asked_of(new URLSearchParams('days=today&tab=later'), 'Asia/Yekaterinburg', late);
  expect(asked).toMatchObject({ state: 'later', from: '2026-11-20', to: '2026-11-20' });
  expect(asked_of(new URLSearchParams('tab=none'), 'UTC').state).toBe('new');
});
it('days given in the address win over the choice', () => {
  const asked = asked_of(new URLSearchParams('from=2026-11-01&to=2026-11-02&days=7'), 'UTC');
  expect(asked).toMatchObject({ from: '2026-11-01', to: '2026-11-02' });
  expect(is_narrow(asked)).toBe(true);
  expect(is_narrow(asked_of(new URLSearchParams('tab=done'), 'UTC'))).toBe(false);
});
it('a filter set to all leaves the address', () => {
  const next = changed(new URLSearchParams('point=p&kind=idea'), { point: '', tab: 'done' });
  expect(next.toString()).toBe('kind=idea&tab=done');
});
it('new rows above gather, older pages below are shown', () => {
  const rows = ['n1', 'a', 'n2', 'b', 'older'].map((id) => ({ id }));
  const { shown, fresh } = gather(rows, new Set(['a', 'b']));
  expect(shown.map((row) => row.id)).toEqual(['a', 'b', 'older']);
  expect(fresh.map((row) => row.id)).toEqual(['n1', 'n2']);
});
it('with nothing seen yet all is shown', () => {
  expect(gather([{ id: 'a' }], new Set()).shown).toHaveLength(1);
});
it('a sorted row leaves every page', () => {
  const row = (id: string) => ({ id }) as never;
  const pages = { pages: [{ items: [row('a'), row('b')], next: null }], pageParams: [''] };
  expect(without(pages, 'a')?.pages[0]?.items).toEqual([{ id: 'b' }]);
  expect(without(undefined, 'a')).toBeUndefined();
});
