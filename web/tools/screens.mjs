// Photographs every page, 1440 and 390 px, light and dark, ru and en, into docs/screens/all.
// `./dev screens` runs it on a fresh demonstration day; OTKLIK_URL and OTKLIK_PASSWORD name a
// running one. WIDTHS, SCHEMES, LANGS and PAGES (names, by comma) narrow it.
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { demo } from '../e2e/server.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.env.SCREENS ?? resolve(here, '../../docs/screens/all');
const list = (name, usual) => (process.env[name] ?? usual).split(',').filter(Boolean);
const widths = list('WIDTHS', '1440,390').map(Number);
const schemes = list('SCHEMES', 'light,dark');
const langs = list('LANGS', 'ru,en');
const only = list('PAGES', '');

/** The first row that the list of `path` answers with; pages of a thing need its id. */
async function first(page, path, fits = () => true) {
  const answer = await page.request.get(`/api/v1${path}`);
  if (!answer.ok()) return undefined;
  return (await answer.json()).items.find(fits)?.id;
}

async function pages_of(page) {
  const open = (name, path, id) => (id ? [[name, `${path}/${id}`]] : []);
  return [
    ['inbox', 'inbox'],
    ...open('record', 'inbox', await first(page, '/signals', (one) => one.clip_id)),
    ['checks', 'checks'],
    ...open('check-open', 'checks', await first(page, '/checks', (one) => one.state === 'draft')),
    ...open('check-done', 'checks', await first(page, '/checks', (one) => one.state !== 'draft')),
    ['draw', 'draws'],
    ['board', 'board'],
    ['points', 'points'],
    ...open('recording', 'recordings', await first(page, '/recordings')),
    ['settings-sites', 'settings/sites'],
    ...open('settings-point', 'settings/sites', await first(page, '/points')),
    ['settings-recorders', 'settings/recorders'],
    ['settings-devices', 'settings/devices'],
    ...open('settings-device', 'settings/devices', await first(page, '/devices')),
    ['settings-questions', 'settings/questions'],
    ['settings-forms', 'settings/forms'],
    ['settings-people', 'settings/people'],
    ['settings-machine', 'settings/machine'],
    ['password', 'password'],
  ];
}

async function settle(page) {
  await page.waitForLoadState('load');
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(900); // the answers and the drawing of the wave
}

async function shoot(page, name, look) {
  await settle(page);
  const { width, scheme, lang } = look;
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  if (wide) look.faults.push(`${name} at ${width}, ${lang}: the page scrolls sideways`);
  await page.screenshot({ path: `${out}/${name}-${width}-${scheme}-${lang}.png` });
}

async function session(browser, server, look) {
  const { width, scheme, lang } = look;
  const context = await browser.newContext({
    baseURL: `${server.url}/`,
    viewport: { width, height: width < 641 ? 844 : 900 },
    colorScheme: scheme,
    hasTouch: width < 641,
    locale: lang === 'ru' ? 'ru-RU' : 'en-GB',
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => look.faults.push(`${width} ${lang}: ${error.message}`));
  await page.goto('/');
  await page.waitForSelector('input[type=password]');
  const wanted = (name) => only.length === 0 || only.includes(name);
  if (wanted('sign-in')) await shoot(page, 'sign-in', look);
  await page.fill('input[autocomplete=username]', 'admin');
  await page.fill('input[type=password]', server.password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.o-app');
  // The language belongs to the account and outweighs the browser's.
  await page.request.put('/api/v1/session/language', {
    data: { language: lang },
    headers: { origin: server.url },
  });
  await page.evaluate((kept) => localStorage.setItem('otklik.lang', kept), lang);
  for (const [name, path] of await pages_of(page)) {
    if (!wanted(name)) continue;
    await page.goto(`/${path}`);
    await page.waitForSelector('.o-app');
    await shoot(page, name, look);
  }
  await context.close();
}

mkdirSync(out, { recursive: true });
const server = await demo();
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
  for (const lang of langs)
    for (const width of widths)
      for (const scheme of schemes) {
        await session(browser, server, { width, scheme, lang, faults });
        console.log(`${width} ${scheme} ${lang}`);
      }
} finally {
  await browser.close();
  await server.stop();
}
faults.forEach((fault) => console.error(fault));
process.exitCode = faults.length ? 1 : 0;
