// One browser for all journeys, a page of its own for each; what a page complains about is a fault.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** Debian's shell of Chromium without the parts of a desktop: a sixth less work for a journey. */
const program =
  process.env.CHROMIUM ||
  ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path));
let browser;
/** `more`: further words of the command, such as a made microphone. */
export async function open_browser(more = []) {
  browser = await chromium.launch({
    executablePath: program,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
      ...more,
    ],
  });
}
export const close_browser = () => browser?.close();

/** A refused request is a line in the console of every browser; only faults of the page count. */
const expected = /Failed to load resource|HydrateFallback/;

export async function with_page(options, journey) {
  const context = await browser.newContext({
    locale: 'ru-RU',
    timezoneId: 'Asia/Yekaterinburg',
    viewport: { width: 1440, height: 900 },
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (said) => {
    if (said.type() === 'error' && !expected.test(said.text())) faults.push(said.text());
  });
  try {
    await journey(page);
  } catch (error) {
    if (process.env.OTKLIK_SHOTS)
      await page.screenshot({ path: `${process.env.OTKLIK_SHOTS}/fault-${Date.now()}.png` });
    throw error;
  } finally {
    await context.close();
  }
  assert.deepEqual(faults, [], 'the page complained');
}

export async function sign_in(page, url, login, password) {
  await page.goto(url);
  await page.getByLabel('Имя для входа').fill(login);
  await page.getByRole('textbox', { name: 'Пароль' }).fill(password);
  await page.getByRole('button', { name: 'Войти' }).click();
}
/**
 * Signs in to the demonstration day, and opens the inbox where there is one; all but the
 * administrator have chosen an own password.
 */
export async function enter_desk(page, server, login = 'belova') {
  const own = login === 'admin' ? server.password : `${server.password} own`;
  await sign_in(page, server.url, login, own);
  await places(page).waitFor();
  const link = places(page).getByRole('link', { name: /^Входящие/ });
  if (await link.isVisible()) await link.click();
}
/** The desk stands: its places are there. */
export const places = (page) => page.getByRole('navigation', { name: 'Разделы' });
export const inbox = (page) => page.getByRole('listbox', { name: 'Входящие' });
/** Waits for `see` to hold, asking again; for what moves without a change of the page's tree. */
export async function until(see, what, within_ms = 30_000) {
  const end = Date.now() + within_ms;
  while (Date.now() < end) {
    if (await see()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(what);
}
/** True when something sticks out to the right of the window. */
export const sticks_out = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
