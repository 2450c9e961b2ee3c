import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { remember_ahead, take_ahead } from './ahead';

const store = new Map<string, string>();
const held = globalThis as { otklik_ahead?: { url: string; answer: Promise<Response> } };
const at = (pathname: string, search = '') => vi.stubGlobal('location', { pathname, search });
const kept = () => JSON.parse(store.get('otklik.ahead') ?? '{}') as Record<string, string>;
const asking = (rest: string, init?: RequestInit) => new Request(`http://desk.test${rest}`, init);
const on_its_way = (status = 200) => {
  const answer = Promise.resolve(new Response('{"items":[]}', { status }));
  held.otklik_ahead = { url: '/api/v1/signals?state=new&limit=100', answer };
};

beforeEach(() => {
  store.clear();
  delete held.otklik_ahead;
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

it('each page keeps its last first list, with the filters it stood with', () => {
  at('/inbox/signal_1');
  remember_ahead('/signals', { state: 'new', limit: '100' });
  at('/');
  remember_ahead('/me/day', { limit: '300' });
  at('/inbox', '?kind=idea');
  remember_ahead('/signals', { state: 'new', kind: 'idea' });
  expect(kept()).toEqual({
    '/': '/api/v1/me/day?limit=300',
    '/inbox?kind=idea': '/api/v1/signals?state=new&kind=idea',
  });
});
it('storage that holds anything or is forbidden breaks nothing', () => {
  at('/inbox');
  for (const anything of ['no json', 'null', '5', '"words"', '[1]']) {
    store.set('otklik.ahead', anything);
    remember_ahead('/signals', { state: 'new' });
    expect(kept()).toMatchObject({ '/inbox': '/api/v1/signals?state=new' });
  }
  vi.stubGlobal('localStorage', undefined);
  expect(() => remember_ahead('/signals', {})).not.toThrow();
});
it('the answer goes once to who asks the same', async () => {
  on_its_way();
  expect(await take_ahead(asking('/api/v1/signals?state=later&limit=100'))).toBeNull();
  expect(await take_ahead(asking('/api/v1/signals', { method: 'POST' }))).toBeNull();
  const taken = await take_ahead(asking('/api/v1/signals?state=new&limit=100'));
  expect(await taken?.json()).toEqual({ items: [] });
  expect(await take_ahead(asking('/api/v1/signals?state=new&limit=100'))).toBeNull();
});
it('a refusal, a broken line and an answer of long ago are asked for again', async () => {
  const same = asking('/api/v1/signals?state=new&limit=100');
  on_its_way(401);
  expect(await take_ahead(same)).toBeNull();
  held.otklik_ahead = {
    url: '/api/v1/signals?state=new&limit=100',
    answer: Promise.reject(new TypeError('no network')),
  };
  expect(await take_ahead(same)).toBeNull();
  on_its_way();
  vi.spyOn(performance, 'now').mockReturnValue(31_000);
  expect(await take_ahead(same)).toBeNull();
  expect(held.otklik_ahead).toBeUndefined();
  vi.restoreAllMocks();
});
