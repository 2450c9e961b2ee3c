// The guided tour: a stranger walks from a press to a figure by the keyboard, changes nothing, puts
// the tour away, takes it up again after a reload, and leaves.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { close_browser, open_browser, places, sticks_out, with_page } from './browser.mjs';
import { demo } from './server.mjs';

let server;
before(async () => {
  server = await demo();
  await open_browser();
});
after(async () => {
  await close_browser();
  await server?.stop();
});

const strip = (page) => page.getByRole('region', { name: 'Показ' });
const step = (page, title) => strip(page).getByRole('heading', { name: title });

describe('the tour', { timeout: 300_000 }, () => {
  it('shows the way from a press to a figure to a stranger, by the keyboard', () =>
    with_page({}, async (page) => {
      await page.goto(server.url);
      await page.getByRole('link', { name: 'Показ за 3 минуты' }).click();
      await step(page, 'Нажатие').waitFor();
      await page.getByRole('listbox', { name: 'Входящие' }).waitFor();
      assert.equal(await page.getByRole('button', { name: 'Проверить' }).count(), 0);
      for (const title of ['Фрагмент', 'Слова', 'Проверка', 'Показатель', 'Это весь путь']) {
        await page.keyboard.press('KeyN');
        await step(page, title).waitFor();
        if (title === 'Слова')
          await page.getByText('Мне утром называли двенадцать').first().waitFor();
        if (title === 'Проверка') await page.getByRole('heading', { level: 1 }).first().waitFor();
      }
      await page.keyboard.press('KeyP');
      await step(page, 'Показатель').waitFor();
      // Put away, and taken up again where it was, after a reload too.
      await page.keyboard.press('Escape');
      await page.reload();
      await page.getByRole('button', { name: 'Продолжить показ: шаг 5 из 6' }).click();
      await step(page, 'Показатель').waitFor();
      // The server refuses a visitor whatever writes.
      const refused = await page.evaluate(async () => {
        const answer = await fetch('/api/v1/forms', { method: 'POST', body: '{}' });
        return { status: answer.status, code: (await answer.json()).code };
      });
      assert.deepEqual(refused, { status: 403, code: 'tour.read_only' });
      await page.keyboard.press('KeyN');
      await page.getByRole('button', { name: 'Закончить и войти' }).click();
      await page.getByLabel('Имя для входа').waitFor();
      assert.equal(await places(page).count(), 0);
    }));

  it('fits a phone and speaks English', () =>
    with_page({ viewport: { width: 390, height: 844 }, locale: 'en-GB' }, async (page) => {
      await page.goto(`${server.url}/tour`);
      const region = page.getByRole('region', { name: 'Tour' });
      for (const title of ['A press', 'A clip', 'Words', 'A check', 'A figure']) {
        await region.getByRole('heading', { name: title }).waitFor();
        assert.equal(await sticks_out(page), false, title);
        await region.getByRole('button', { name: 'Next' }).click();
      }
      await region.getByRole('heading', { name: 'That is the whole way' }).waitFor();
    }));
});
