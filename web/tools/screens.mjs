// Photographs every page, 1440 and 390 px, light and dark, ru and en, in four states (the whole
// demonstration, a company of today, a server that fails, 10 000 rows with long names), into
// docs/screens/all. `./dev screens` runs it on a fresh week; OTKLIK_URL and OTKLIK_PASSWORD name a
// running one. WIDTHS, SCHEMES, LANGS, STATES and PAGES (names, by comma) narrow it.
// `./dev screens --guide` makes the pictures of the guide and the dozen of docs/screens instead.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { fail_all, pages_of, stretch } from '../e2e/pages.mjs';
import { demo, empty } from '../e2e/server.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.env.SCREENS ?? resolve(here, '../../docs/screens/all');
const list = (name, usual) => (process.env[name] ?? usual).split(',').filter(Boolean);
const widths = list('WIDTHS', '1440,390').map(Number);
const schemes = list('SCHEMES', 'light,dark');
const langs = list('LANGS', 'ru,en');
const states = list('STATES', 'full,empty,failed,long');
const only = list('PAGES', '');

async function settle(page) {
  await page.waitForLoadState('load');
  await page.evaluate(() => document.fonts.ready);
  // A fault is told after the desk has asked three times.
  const busy = () => !document.querySelector('[aria-busy="true"]');
  await page.waitForTimeout(500); // the answers and the drawing of the wave
  await page.waitForFunction(busy, undefined, { timeout: 9000 }).catch(() => undefined);
  await page.waitForTimeout(300);
}

const wanted = (name) => only.length === 0 || only.includes(name);

async function shoot(page, name, look) {
  await settle(page);
  if (look.folder) return writeFileSync(look.folder + look.named(name), await webp_of(page));
  const { width, scheme, lang, state } = look;
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  if (wide) look.faults.push(`${name} at ${width}, ${lang}, ${state}: the page scrolls sideways`);
  const mark = state === 'full' ? '' : `-${state}`;
  await page.screenshot({ path: `${out}/${name}-${width}-${scheme}-${lang}${mark}.png` });
}

async function signed_in(browser, server, look, login, password) {
  const { width, scheme, lang } = look;
  const context = await browser.newContext({
    baseURL: `${server.url}/`,
    viewport: { width, height: look.height ?? (width < 641 ? 844 : 900) },
    colorScheme: scheme,
    hasTouch: width < 641,
    locale: lang === 'ru' ? 'ru-RU' : 'en-GB',
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => look.faults.push(`${width} ${lang}: ${error.message}`));
  await page.goto('/');
  await page.waitForSelector('input[type=password]');
  if (wanted('sign-in') && look.state === 'full') await shoot(page, 'sign-in', look);
  await page.fill('input[autocomplete=username]', login);
  await page.fill('input[type=password]', password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.o-app');
  // The language belongs to the account and outweighs the browser's.
  const { csrf } = await (await page.request.get('/api/v1/session')).json();
  const spoken = await page.request.put('/api/v1/session/language', {
    data: { language: lang },
    headers: { origin: server.url, 'X-CSRF-Token': csrf },
  });
  if (!spoken.ok()) throw new Error(`the language stays: ${spoken.status()}`);
  await page.evaluate((kept) => localStorage.setItem('otklik.lang', kept), lang);
  return { context, page };
}

async function session(browser, server, look) {
  const login = server.login ?? 'admin';
  const { context, page } = await signed_in(browser, server, look, login, server.password);
  const pages = await pages_of(page);
  if (look.state === 'failed') await fail_all(page);
  if (look.state === 'long') await stretch(page);
  for (const [name, path] of pages) {
    if (!wanted(name)) continue;
    await page.goto(`/${path}`);
    await page.waitForSelector('.o-app');
    await shoot(page, name, look);
  }
  await context.close();
}

/** A picture of at most 60 kB: Chromium itself turns its photograph into WebP. */
async function webp_of(page) {
  const shot = (await page.screenshot()).toString('base64');
  const maker = await page.context().browser().newPage();
  try {
    const made = await maker.evaluate(async (png) => {
      const bytes = Uint8Array.from(atob(png), (one) => one.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(image.width, image.height);
      canvas.getContext('2d').drawImage(image, 0, 0);
      let small;
      for (const quality of [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]) {
        small = await canvas.convertToBlob({ type: 'image/webp', quality });
        if (small.size <= 60_000) break;
      }
      let text = '';
      for (const one of new Uint8Array(await small.arrayBuffer())) text += String.fromCharCode(one);
      return btoa(text);
    }, shot);
    return Buffer.from(made, 'base64');
  } finally {
    await maker.close();
  }
}

const root = resolve(here, '../..');
/** What the guide shows, and whose page it is. */
const guide_pages = {
  admin: [
    'record',
    'check-done',
    'board',
    'points',
    'settings-sites',
    'settings-map',
    'settings-machine',
  ],
  orlova: ['checks'],
};
const best = [
  ['record', 1440, 'light'],
  ['record', 1440, 'dark'],
  ['record', 390, 'light'],
  ['check-done', 1440, 'light'],
  ['check-done', 390, 'dark'],
  ['board', 1440, 'light'],
  ['board', 390, 'dark'],
  ['points', 1440, 'light'],
  ['points', 390, 'light'],
  ['recording', 1440, 'dark'],
  ['settings-map', 1440, 'light'],
  ['upload', 1440, 'light'],
];

function emptied(folder, ending) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name.endsWith(ending)) rmSync(folder + name);
}

async function photograph(browser, server, look, login, names) {
  const { context, page } = await signed_in(browser, server, look, login, server.password);
  const pages = new Map(await pages_of(page));
  for (const name of names) {
    if (!pages.has(name)) throw new Error(`${login} has no page ${name}`);
    await page.goto(`/${pages.get(name)}`);
    await page.waitForSelector('.o-app');
    await shoot(page, name, look);
  }
  await context.close();
}

async function guide(browser, server) {
  const folder = `${root}/docs/guide/pictures/`;
  emptied(folder, '.webp');
  for (const lang of ['ru', 'en'])
    for (const [login, names] of Object.entries(guide_pages)) {
      const named = (name) => `${login === 'admin' ? '' : `${login}-`}${name}-${lang}.webp`;
      const look = { width: 1200, height: 720, scheme: 'light', lang, folder, named, faults: [] };
      await photograph(browser, server, look, login, names);
    }
  const shown = `${root}/docs/screens/`;
  emptied(shown, '.webp');
  for (const [name, width, scheme] of best) {
    const named = (one) => `${one}-${width}-${scheme}.webp`;
    const look = { width, scheme, lang: 'ru', folder: shown, named, faults: [] };
    await photograph(browser, server, look, 'admin', [name]);
  }
}

/** A company of today: nothing has happened in it yet. */
async function fresh_company() {
  const server = await empty();
  const login = 'anna';
  const password = 'correct horse battery';
  const basis = { ground: '-', notice: '-', signage: '-', consent: '-', retention_days: 30 };
  const answer = await fetch(`${server.url}/api/v1/first-run`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: server.url },
    body: JSON.stringify({
      setup_code: server.code,
      company_name: 'Автосервис Мотор',
      site_name: 'Сервис на Ленина, 1',
      zone: 'Asia/Yekaterinburg',
      point_name: 'Касса',
      person_name: 'Анна Кузнецова',
      login,
      password,
      language: 'ru',
      basis,
    }),
  });
  if (!answer.ok) throw new Error(`no company: ${answer.status} ${await answer.text()}`);
  return { ...server, login, password };
}

const for_guide = process.argv.includes('--guide');
if (!for_guide) mkdirSync(out, { recursive: true });
const of_day = for_guide || states.some((one) => one !== 'empty');
const day = of_day ? await demo(7) : undefined;
const today = !for_guide && states.includes('empty') ? await fresh_company() : undefined;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const faults = [];
try {
  if (for_guide) await guide(browser, day);
  else
    for (const lang of langs)
      for (const width of widths)
        for (const scheme of schemes)
          for (const state of states) {
            const server = state === 'empty' ? today : day;
            await session(browser, server, { width, scheme, lang, state, faults });
            console.log(`${width} ${scheme} ${lang} ${state}`);
          }
} finally {
  await browser.close();
  await day?.stop();
  await today?.stop();
}
faults.forEach((fault) => console.error(fault));
process.exitCode = faults.length ? 1 : 0;
