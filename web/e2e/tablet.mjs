// What the journeys of the panel share: a tablet, its keys, what arrived of it, time that passes.
import assert from 'node:assert/strict';
import { until } from './browser.mjs';

export const tablet = { viewport: { width: 1280, height: 800 }, hasTouch: true };
export const key = (page, name) => page.getByRole('button', { name, exact: true });
export const state = (page) => page.locator('.p-state');
export const undo_line = (page) => page.locator('.p-undo-word');

/** Paired, and working without a name. */
export async function open_panel(server, page, panel) {
  await page.goto(`${server.url}/panel#${panel.code}`);
  await key(page, 'Работать без имени').click();
  await key(page, 'Ответ').waitFor();
  // Its files are kept before the network goes.
  await page.evaluate(() => navigator.serviceWorker.ready);
}
export const arrived = async (shop, name, count) => {
  let seen = [];
  await until(
    async () => (seen = await shop.signals(name)).length >= count,
    `${count} presses of ${name}`,
    60_000,
  );
  return seen;
};
export const near = (at, wanted, within_ms, what) =>
  assert.ok(
    Math.abs(Date.parse(at) - wanted) <= within_ms,
    `${what}: ${at} for ${new Date(wanted).toISOString()}`,
  );
/** The screen's clock at each press, as a person saw it. */
export async function press_some(page, names) {
  const times = [];
  for (const name of names) {
    times.push(Date.now());
    await key(page, name).click();
    await page.waitForTimeout(120);
  }
  return times;
}
/** Both clocks of the tablet go on by so much. */
const pass = (page, ms) =>
  page.evaluate((add) => {
    for (const clock of [Date, performance]) {
      const now = clock.now.bind(clock);
      clock.now = () => now() + add;
    }
  }, ms);
/** `look` sees the tablet as it is `ms` later; its clocks then show the truth again. */
export async function later(page, ms, look) {
  await pass(page, ms);
  await look();
  await pass(page, -ms);
}
/** Tells the page that there is network again, as a browser does. */
export const online = (page) => page.evaluate(() => window.dispatchEvent(new Event('online')));
