// Photographs every page, 1440 and 390 px, light and dark, ru and en, in four states (the whole
// demonstration day, a company of today, a server that fails, 10 000 rows with long names), into
// docs/screens/all. `./dev screens` runs it on a fresh day; OTKLIK_URL and OTKLIK_PASSWORD name a
// running one. WIDTHS, SCHEMES, LANGS, STATES and PAGES (names, by comma) narrow it.
import { mkdirSync } from 'node:fs';
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

async function shoot(page, name, look) {
  await settle(page);
  const { width, scheme, lang, state } = look;
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  if (wide) look.faults.push(`${name} at ${width}, ${lang}, ${state}: the page scrolls sideways`);
  const mark = state === 'full' ? '' : `-${state}`;
  await page.screenshot({ path: `${out}/${name}-${width}-${scheme}-${lang}${mark}.png` });
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
  if (wanted('sign-in') && look.state === 'full') await shoot(page, 'sign-in', look);
  await page.fill('input[autocomplete=username]', server.login ?? 'admin');
  await page.fill('input[type=password]', server.password);
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

mkdirSync(out, { recursive: true });
const of_day = states.some((one) => one !== 'empty');
const day = of_day ? await demo() : undefined;
const today = states.includes('empty') ? await fresh_company() : undefined;
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
