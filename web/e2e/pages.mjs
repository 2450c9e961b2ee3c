// Every page of the desk with its address, and the states a page can be in.
import { readFileSync } from 'node:fs';

/** The first row that the list of `path` answers with; pages of a thing need its id. */
async function first(page, path, fits = () => true) {
  const answer = await page.request.get(new URL(`/api/v1${path}`, page.url()).href);
  if (!answer.ok()) return undefined;
  return (await answer.json()).items.find(fits)?.id;
}

async function clip_of(page) {
  const answer = await page.request.get(new URL('/api/v1/signals', page.url()).href);
  return (await answer.json()).items?.find((one) => one.clip_id)?.clip_id;
}

/** [name, address] of every page that the signed-in account of `page` has something for. */
export async function pages_of(page) {
  const repair = (id) => (id ? [['repair', `recordings/repair?ids=${id}`]] : []);
  const open = (name, path, id) => (id ? [[name, `${path}/${id}`]] : []);
  const point = await first(page, '/points');
  return [
    ['day', ''],
    ['inbox', 'inbox'],
    ...open('record', 'inbox', await first(page, '/signals', (one) => one.has_words)),
    ...open('clip', 'clips', await clip_of(page)),
    ...open('record-waits', 'inbox', await first(page, '/signals', (one) => !one.length_ms)),
    ['checks', 'checks'],
    ...open('check-open', 'checks', await first(page, '/checks', (one) => one.state === 'draft')),
    ...open('check-done', 'checks', await first(page, '/checks', (one) => one.state === 'done')),
    ['checks-done', 'checks?tab=done'],
    ['draw', 'draws'],
    ['board', 'board'],
    ['board-rows', 'board?rows=signals'],
    ['board-month', 'board?days=month'],
    ['points', 'points'],
    ...(point ? [['point-check', `points/${point}/check`]] : []),
    ...(point ? [['papers', `points/${point}/papers`]] : []),
    ['first-day', 'first-day'],
    ['guide', 'guide/checker'],
    ['guide-head', 'guide/head'],
    ['upload', 'points?upload=1'],
    ...open('recording', 'recordings', await first(page, '/recordings')),
    ...repair(await first(page, '/recordings')),
    ['settings-sites', 'settings/sites'],
    ...open('settings-point', 'settings/sites', point),
    ['settings-map', 'settings/map'],
    ['settings-recorders', 'settings/recorders'],
    ['settings-devices', 'settings/devices'],
    ...open('settings-device', 'settings/devices', await first(page, '/devices')),
    ['settings-questions', 'settings/questions'],
    ['settings-forms', 'settings/forms'],
    ['settings-form-new', 'settings/forms/new'],
    ...open('settings-form', 'settings/forms', await first(page, '/forms')),
    ['settings-people', 'settings/people'],
    ['settings-import', 'settings/import'],
    ...open('settings-import-one', 'settings/import', await first(page, '/imports')),
    ['settings-keeping', 'settings/keeping'],
    ['settings-mail', 'settings/mail'],
    ['settings-letters', 'settings/letters'],
    ['settings-machine', 'settings/machine'],
    ['password', 'password'],
    ['nowhere', 'no/such/page'],
  ];
}

const api = /\/api\/v1\/(?!session)/;
const words = (lang) =>
  JSON.parse(readFileSync(new URL(`../../i18n/${lang}.json`, import.meta.url), 'utf8'));
/** As the server itself says it, in the language that is asked for. */
const problem = (asked) => ({
  status: 500,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    status: 500,
    code: 'internal',
    title: words(asked.headers()['accept-language'] === 'en' ? 'en' : 'ru')['error.internal'],
  }),
});

/** Every answer but that about the session is a fault of the server, or does not come at all. */
export const fail_all = (page, how = 'answers 500') =>
  page.route(api, (route) => {
    if (/\/(events|session)/.test(route.request().url())) return route.continue();
    return how === 'answers 500'
      ? route.fulfill(problem(route.request()))
      : route.abort('connectionrefused');
  });

export const long_name = 'Индивидуальный предприниматель Константинопольский-Преображенский';
const paged = { signals: 10_000, checks: 10_000, recordings: 10_000, audit: 10_000 };
const whole = 60; // rows of lists that the server answers whole

const is_object = (value) => typeof value === 'object' && value !== null;
function renamed(value, number) {
  if (Array.isArray(value)) return value.map((one) => renamed(one, number));
  if (!is_object(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [
      key,
      /(^|_)name$/.test(key) && typeof held === 'string'
        ? `${long_name}${number}`
        : renamed(held, number),
    ]),
  );
}

/** The server's own rows said again and again, with long names: 10 000 where lists are paged. */
export async function stretch(page) {
  // What is asked of a row said again is answered by the row itself.
  await page.route(/\/api\/v1\/.*[/=]\w+x\d+([/?&]|$)/, (route) =>
    route.continue({
      url: route
        .request()
        .url()
        .replace(/([/=]\w+?)x\d+(?=[/?&]|$)/g, '$1'),
    }),
  );
  const lists = 'points|sites|devices|recorders|people|accounts|forms|questions|me/day';
  const pattern = new RegExp(`/api/v1/(${Object.keys(paged).join('|')}|${lists})(\\?.*)?$`);
  return page.route(pattern, async (route) => {
    if (route.request().method() !== 'GET') return route.continue();
    const url = new URL(route.request().url());
    const kind = pattern.exec(url.href)[1];
    const after = url.searchParams.get('after') ?? url.searchParams.get('before') ?? '';
    const from = Number(/^row-(\d+)$/.exec(after)?.[1] ?? 0);
    for (const [name, value] of [...url.searchParams])
      if (name === 'after' || name === 'before') url.searchParams.delete(name);
      else url.searchParams.set(name, value.replace(/^(\w+?)x\d+$/, '$1'));
    const response = await route.fetch({ url: url.href });
    const answer = await response.json();
    const total = paged[kind] ?? whole;
    const held = answer.items ?? [];
    if (!response.ok() || held.length === 0) return route.fulfill({ response });
    const step = paged[kind] ? 100 : whole;
    const items = Array.from({ length: Math.min(step, total - from) }, (_, i) => {
      const row = held[(from + i) % held.length];
      // The first rows stay themselves, so that what is opened by its id is there.
      const id = from + i < held.length ? row.id : `${row.id}x${from + i}`;
      const item = row.item && { item: `${row.item}x${from + i}` }; // a thing of the day
      return { ...renamed(row, ` ${from + i + 1}`), id, ...item };
    });
    const next = paged[kind] && from + step < total ? `row-${from + step}` : null;
    return route.fulfill({ response, json: { ...answer, items, next } });
  });
}
