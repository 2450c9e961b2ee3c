// Three days of a panel without network, on a server of its own.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { close_browser, open_browser, until, with_page } from './browser.mjs';
import { built, lasting } from './server.mjs';
import { open_shop } from './shop.mjs';
import { key, online, open_panel, state, tablet } from './tablet.mjs';

const skip = process.env.OTKLIK_BIN ? false : 'OTKLIK_BIN is not given';
let server;
let shop;
before(
  async () => {
    if (skip) return;
    server = await lasting(built());
    shop = await open_shop(server);
    await open_browser();
  },
  { timeout: 120_000 },
);
after(async () => {
  await close_browser();
  await server?.stop();
});

describe('a panel for days', { skip, timeout: 600_000 }, () => {
  // The tablet's clock is in the test's hand; the server is stopped, so there is nobody to ask.
  it('keeps 2 000 presses through 72 hours without network, each once and at its time', () =>
    with_page(tablet, async (page) => {
      const [hours, count] = [72, 2000];
      const began = Date.now();
      await page.clock.install({ time: began - hours * 3_600_000 });
      const panel = await shop.panel('Трое суток');
      await open_panel(server, page, panel);
      await server.halt();
      // The server cannot be moved back three days: what the panel last heard of it is.
      await page.evaluate(
        (server) =>
          new Promise((done) => {
            const asked = indexedDB.open('otklik-panel');
            asked.onsuccess = () => {
              const tx = asked.result.transaction('kept', 'readwrite');
              tx.objectStore('kept').put({ offset: 0, server }, 'heard');
              tx.oncomplete = done;
            };
          }),
        began - hours * 3_600_000,
      );
      await page.reload();
      await key(page, 'Ответ').waitFor();
      const together = 10; // a customer with much to say
      const step = Math.floor(((hours * 3_600_000 - 120_000) * together) / count);
      const walls = [];
      for (let i = 0; i < count; i += together) {
        const pressed = await page.evaluate((times) => {
          const press = () => {
            document.querySelector('.p-key').click();
            return Date.now();
          };
          return Array.from({ length: times }, press);
        }, together);
        walls.push(...pressed);
        await page.clock.fastForward(step);
      }
      // Three days have passed: the tablet's clock shows what the server's does.
      await page.clock.fastForward(Date.now() - (await page.evaluate(() => Date.now())));
      await until(
        async () => /2000 ждут сети/.test(await state(page).textContent()),
        'all are kept',
        60_000,
      );
      await server.resume();
      const off = (await page.evaluate(() => Date.now())) - Date.now();
      await online(page);
      await until(
        async () => /всё отправлено/.test(await state(page).textContent()),
        'all are sent',
        180_000,
      );
      const seen = await shop.signals('Трое суток');
      assert.equal(seen.length, count);
      assert.equal(new Set(seen.map((one) => one.id)).size, count);
      const worst = Math.max(
        ...seen.map((one, i) => Math.abs(Date.parse(one.at) - (walls[i] - off))),
      );
      console.log(`panel: 72 h, ${count} presses, worst time off by ${worst} ms`);
      assert.ok(worst <= 2000, `${worst} ms`);
      const doubt = Math.max(...seen.map((one) => one.uncertainty_ms));
      assert.ok(doubt <= 2000, `${doubt} ms`);
    }));
});
