// How soon the first page can be used on a slow machine behind a slow line: processor four times
// slower, 1.6 Mbit/s, 150 ms, nothing cached (Chromium's own throttling). Sign-in counts when a
// letter typed stands in the field; the inbox, when a key moves the selection: opened for the first
// time in this browser, and again with its files kept. Prints milliseconds of each run as JSON.
// OTKLIK_RUNS (5); OTKLIK_BIN or OTKLIK_URL with OTKLIK_PASSWORD as in e2e.
import { chromium } from 'playwright-core';
import { demo } from '../e2e/server.mjs';

const runs = Number(process.env.OTKLIK_RUNS ?? 5);
const line = {
  offline: false,
  latency: 150,
  downloadThroughput: 200_000,
  uploadThroughput: 93_750,
};

const server = await demo();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
});

async function slow_page(storageState) {
  const context = await browser.newContext({
    baseURL: server.url,
    locale: 'ru-RU',
    viewport: { width: 1440, height: 900 },
    storageState,
  });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', line);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  return { context, page };
}

async function sign_in_ms() {
  const { context, page } = await slow_page();
  const began = performance.now();
  await page.goto('/', { waitUntil: 'commit' });
  const field = page.locator('input[autocomplete=username]');
  await field.press('a');
  await page.waitForFunction(() => document.querySelector('input')?.value === 'a');
  const took = performance.now() - began;
  await context.close();
  return took;
}

/** The session is known, the files are not: the first time, and the second, in one browser. */
async function inbox_ms(state) {
  const { context, page } = await slow_page(state);
  const took = [await opened_ms(page), await opened_ms(page)];
  await context.close();
  return took;
}

async function opened_ms(page) {
  await page.goto('about:blank');
  const began = performance.now();
  await page.goto('/inbox', { waitUntil: 'commit' });
  const rows = page.getByRole('listbox').getByRole('option');
  await rows.first().waitFor();
  const selected = page.locator('[role=option][aria-selected=true]');
  const before = (await selected.count()) > 0 ? await selected.getAttribute('id') : null;
  await page.keyboard.press('KeyJ');
  await page.waitForFunction(
    (was) => {
      const now = document.querySelector('[role=option][aria-selected=true]');
      return now && now.id !== was;
    },
    before,
    { polling: 20 },
  );
  return performance.now() - began;
}

try {
  const context = await browser.newContext({ baseURL: server.url, locale: 'ru-RU' });
  const page = await context.newPage();
  await page.goto('/');
  await page.fill('input[autocomplete=username]', server.login ?? 'admin');
  await page.fill('input[type=password]', server.password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.o-app');
  const state = await context.storageState();
  await context.close();
  const took = { sign_in: [], inbox: [], inbox_again: [] };
  for (let run = 0; run < runs; run += 1) {
    took.sign_in.push(Math.round(await sign_in_ms()));
    const [first, again] = (await inbox_ms(state)).map(Math.round);
    took.inbox.push(first);
    took.inbox_again.push(again);
  }
  console.log(JSON.stringify(took));
} finally {
  await browser.close();
  await server.stop();
}
