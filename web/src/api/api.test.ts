import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { api, body, csrf_header, intention, on_signed_out, set_csrf } from './client';
import { parse_hint } from './live';
import { problem_from, ProblemError } from './problem';

const answers: Response[] = [];
const asked: Request[] = [];
beforeEach(() => {
  answers.length = 0;
  asked.length = 0;
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(request);
    const answer = answers.shift();
    if (!answer) throw new TypeError('no network');
    return answer;
  });
});
afterEach(() => vi.unstubAllGlobals());

const json = (status: number, value: unknown) =>
  new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
  });
// The address does not matter here; the generated paths are those of the server.
const any_api = api as unknown as {
  GET: (path: string, init?: object) => Promise<{ data?: unknown }>;
  POST: (path: string, init?: object) => Promise<{ data?: unknown }>;
};
const origin = { baseUrl: 'http://desk.test/api/v1' };

it('a problem keeps its code, field and parameters', async () => {
  answers.push(
    json(422, {
      code: 'too_long',
      title: 'Long',
      detail: 'At most 5',
      field: 'name',
      params: { most: 5, x: {} },
    }),
  );
  const failed = await body(any_api.POST('/points', { ...origin, body: {} })).catch(
    (error: unknown) => error,
  );
  expect(failed).toBeInstanceOf(ProblemError);
  expect(failed).toMatchObject({
    status: 422,
    code: 'too_long',
    field: 'name',
    params: { most: 5 },
  });
});
it('a page of a proxy is still a problem', () => {
  expect(problem_from(502, '<html>')).toMatchObject({ status: 502, code: 'http_502' });
  expect(problem_from(500, { title: 7, params: 'x' })).toMatchObject({
    title: 'HTTP 500',
    params: {},
  });
});
it('the token goes with what changes something, and only there', async () => {
  set_csrf('abc');
  answers.push(json(200, {}), json(200, {}));
  await any_api.GET('/points', origin);
  await any_api.POST('/points', { ...origin, body: {} });
  expect(asked[0]?.headers.get('x-csrf-token')).toBeNull();
  expect(asked[1]?.headers.get('x-csrf-token')).toBe('abc');
  expect(csrf_header()).toEqual({ 'X-CSRF-Token': 'abc' });
});
it('401 is told once, but not for a refused sign-in', async () => {
  const told = vi.fn();
  const stop = on_signed_out(told);
  answers.push(json(401, { code: 'unauthorized' }), json(401, { code: 'wrong_password' }));
  await any_api.GET('/points', origin).catch(() => undefined);
  await any_api.POST('/session', { ...origin, body: {} }).catch(() => undefined);
  expect(told).toHaveBeenCalledTimes(1);
  stop();
});
it('no network is a problem with status 0, not a broken page', async () => {
  const failed = await body(any_api.GET('/points', origin)).catch((error: unknown) => error);
  expect(failed).toMatchObject({ status: 0, code: 'no_connection', offline: true });
});
it('hints are read with care', () => {
  expect(parse_hint('{"kind":"signal","id":7}')).toEqual({ kind: 'signal', id: '7' });
  expect(parse_hint('{"id":7}')).toBeUndefined();
  expect(parse_hint('nonsense')).toBeUndefined();
});
it('intentions differ', () => {
  expect(intention()).toMatch(/^[0-9a-f]{32}$/);
  expect(intention()).not.toBe(intention());
});
