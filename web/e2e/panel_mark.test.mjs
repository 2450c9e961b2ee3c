// The audible mark for a recorder: what a panel plays, when it was heard, when it stays still.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { close_browser, open_browser, until, with_page } from './browser.mjs';
import { built, lasting } from './server.mjs';
import { open_shop } from './shop.mjs';
import { key, online, open_panel as open_panel_of, state, tablet, undo_line } from './tablet.mjs';

const skip = process.env.OTKLIK_BIN ? false : 'OTKLIK_BIN is not given';
let server;
let shop;
before(
  async () => {
    if (skip) return;
    server = await lasting(built());
    shop = await open_shop(server);
    const begin_at = new Date(Date.now() - 3_600_000).toISOString();
    await shop.boss.post('/recorders', { name: 'Диктофон', point_id: shop.point.id, begin_at });
    await open_browser();
  },
  { timeout: 120_000 },
);
after(async () => {
  await close_browser();
  await server?.stop();
});

const mark = (page) => page.locator('.p-mark');
/** What was handed over to be heard: [when, from, length] by the clock of sound, and that clock. */
const listen = (page) =>
  page.addInitScript(() => {
    window.heard = [];
    const start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (when, from, length) {
      const clock = { sound: this.context.currentTime, wall: Date.now() };
      window.heard.push({ when, from, length, clock });
      return start.call(this, when, from, length);
    };
  });
async function open_panel(page, name) {
  await listen(page);
  const sent = [];
  page.on('request', (one) => {
    if (one.url().endsWith('/api/v1/panel/markers')) sent.push(one.postDataJSON());
  });
  await open_panel_of(server, page, await shop.panel(name));
  return sent;
}

describe('the mark of a panel', { skip, timeout: 300_000 }, () => {
  it('is two sweeps the silence of its code apart, told when they were heard', () =>
    with_page(tablet, async (page) => {
      const sent = await open_panel(page, 'Отметка');
      await mark(page).click();
      await mark(page).getByText('Отметка прозвучала').waitFor();
      assert.ok(await mark(page).isDisabled(), 'once a minute is enough');
      await until(() => sent.length > 0, 'the mark is told');
      const [first, second] = await page.evaluate(() => window.heard);
      const [told] = sent;
      assert.ok(Math.abs(first.length - 0.75) < 0.001, `${first.length} s`);
      const apart = second.when - first.when;
      assert.ok(Math.abs(apart - 0.75 - 0.02 * told.code) < 1e-6, `${apart} s`);
      assert.ok(Math.abs(second.from - 0.75) < 0.001);
      const heard_at = first.clock.wall + (first.when - first.clock.sound) * 1000 + told.latency_ms;
      const off = Date.parse(told.played_at) - heard_at;
      assert.ok(Math.abs(off) <= told.uncertainty_ms + 25, `${off} ms off`);
      assert.ok(told.uncertainty_ms < 250, `known to ${told.uncertainty_ms} ms`);
    }));

  it('is kept without network and told later, once', () =>
    with_page(tablet, async (page) => {
      const sent = await open_panel(page, 'Без сети');
      await page.context().setOffline(true);
      await mark(page).click();
      await mark(page).getByText('Отметка прозвучала').waitFor();
      await state(page).getByText('1 ждёт сети').waitFor();
      await page.reload();
      await state(page).getByText('1 ждёт сети').waitFor();
      await page.context().setOffline(false);
      const answer = page.waitForResponse((one) => one.url().endsWith('/panel/markers'));
      await online(page);
      assert.equal((await answer).status(), 201);
      await state(page).getByText('всё отправлено').waitFor();
      assert.equal(new Set(sent.map((one) => one.mark_id)).size, 1);
    }));

  it('is never played while somebody presses', () =>
    with_page(tablet, async (page) => {
      const sent = await open_panel(page, 'Клиент');
      await key(page, 'Ответ').click();
      await undo_line(page).waitFor();
      assert.equal(await mark(page).count(), 0, 'its key is not there');
      await page.waitForTimeout(500);
      assert.equal(sent.length, 0);
      assert.deepEqual(await page.evaluate(() => window.heard), []);
    }));
});
