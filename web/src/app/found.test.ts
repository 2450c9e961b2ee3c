import { expect, it } from 'vitest';
import { fits, joined, kind_of_id, type Found } from './found';

it('words are found by their beginnings, in any order', () => {
  const row = { name: '«Берёза у кассы»', more: 'Касса, 20 нояб. 17:14' };
  expect(fits(row, 'касс берез')).toBe(true);
  expect(fits(row, '17:1')).toBe(true);
  expect(fits(row, '')).toBe(true);
  expect(fits(row, 'ереза')).toBe(false);
  expect(fits(row, 'касса врач')).toBe(false);
});
it('an id says what it is of', () => {
  expect(kind_of_id(' clip_0123456789abc ')).toBe('clip');
  expect(kind_of_id('clip_0123')).toBeUndefined();
  expect(kind_of_id('point_0123456789abc')).toBeUndefined();
});
it('what the server finds joins what is at hand, each once and under its heading', () => {
  const row = (id: string, group: string): Found => ({ id, group, name: id, to: id });
  const near = [row('a', 'signals'), row('b', 'points')];
  const far = [row('c', 'signals'), row('a', 'signals'), row('d', 'checks')];
  expect(joined(near, far, 9).map((one) => one.id)).toEqual(['a', 'c', 'b', 'd']);
  expect(joined(near, far, 3).map((one) => one.id)).toEqual(['a', 'c', 'b']);
});
