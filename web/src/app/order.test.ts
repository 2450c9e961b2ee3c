import { expect, it } from 'vitest';
// @ts-expect-error tools are plain JavaScript
import { faults as i18n_faults } from '../../tools/i18n.mjs';
// @ts-expect-error tools are plain JavaScript
import { faults as layer_faults } from '../../tools/layers.mjs';
import { problem_from } from '../api/problem';
import { paths } from './paths';
import { worth_retry } from './providers';
import { session_from } from './session_answer';

it('imports go app > features > ui, api, lib', () => expect(layer_faults()).toEqual([]));
it('the catalogue is whole in both languages', () => expect(i18n_faults()).toEqual([]));
it('links keep what is asked and drop what is empty', () => {
  expect(paths.inbox({ point: 'a b', kind: '', page: null })).toBe('/inbox?point=a+b');
  expect(paths.signal('7/1')).toBe('/inbox/7%2F1');
});
it('only what can heal is asked again', () => {
  expect(worth_retry(0, problem_from(0, {}))).toBe(true);
  expect(worth_retry(0, problem_from(503, {}))).toBe(true);
  expect(worth_retry(2, problem_from(503, {}))).toBe(false);
  expect(worth_retry(0, problem_from(403, {}))).toBe(false);
});
it('a session answer of another shape breaks nothing', () => {
  expect(session_from(null)).toEqual({ first_run: false, tour: false });
  expect(session_from({ first_run: true })).toEqual({ first_run: true, tour: false });
  const answer = { signed_in: true, csrf: 'x', person: { name: 'A' }, rights: ['listen', 3] };
  expect(session_from(answer)).toMatchObject({
    person_name: 'A',
    csrf_token: 'x',
    must_change_password: false,
    rights: ['listen'],
  });
});
