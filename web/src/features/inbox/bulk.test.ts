import { expect, it } from 'vitest';
import { back_of, path_of, type Done } from './bulk';

const row = (part: Partial<Done>): Done => ({
  id: 'signal_1',
  code: null,
  title: null,
  was: 'new',
  version: 2,
  coded: false,
  ...part,
});
const asked = { state: 'new', point: '', kind: 'idea', button: '', from: '', to: '' };

it('goes on where the last hundred ended, by the filters of the list', () => {
  const target = { asked, as_of: '2026-11-20T10:00:00Z', total: 250 };
  expect(path_of(target, '')).toBe('/signals/bulk?state=new&kind=idea');
  expect(path_of(target, 'p12')).toBe('/signals/bulk?state=new&kind=idea&after=p12');
  expect(path_of({ items: [] }, '')).toBe('/signals/bulk');
});
it('is taken back to what each was, words only where they were new', () => {
  const back = back_of(
    [
      row({ id: 'a', coded: true }),
      row({ id: 'b', was: 'later' }),
      row({ id: 'c' }),
      row({ id: 'd', code: 'row.changed', title: 'changed' }),
    ],
    'price',
  );
  expect(back).toEqual([
    {
      target: { items: [{ id: 'a', version: 2 }] },
      state: 'new',
      what: 'price',
      take_back: true,
    },
    { target: { items: [{ id: 'b', version: 2 }] }, state: 'later' },
    { target: { items: [{ id: 'c', version: 2 }] }, state: 'new' },
  ]);
});
