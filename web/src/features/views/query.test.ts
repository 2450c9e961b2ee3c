import { expect, it } from 'vitest';
import { current_of, query_of } from './query';

const search = (text: string) => new URLSearchParams(text);

it('a view is its filters in one order, without what is open', () => {
  expect(query_of(search('tab=later&kind=idea&rows=signals&item=x&point='))).toBe(
    'kind=idea&tab=later',
  );
  expect(query_of(search('day=2026-11-20&of=p'), ['day'])).toBe('of=p');
});
it('the view in force is found whatever the order', () => {
  const views = [
    { name: 'a', query: 'kind=idea' },
    { name: 'b', query: 'days=7&kind=complaint' },
  ];
  expect(current_of(views, search('kind=complaint&days=7'))?.name).toBe('b');
  expect(current_of(views, search('kind=complaint'))).toBeUndefined();
  expect(current_of(views, search(''))).toBeUndefined();
});
