// One person, one page: everything due is worked from «Мой день» until it is empty; then many
// signals at once, and a view that the inbox opens with.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  close_browser,
  inbox,
  open_browser,
  places,
  sign_in,
  until,
  with_page,
} from './browser.mjs';
import { empty } from './server.mjs';
import { open_shop, password } from './shop.mjs';

/** A zone where it is two in the afternoon: presses of the last six hours are of one day there. */
function afternoon_zone() {
  const east = 14 - new Date().getUTCHours();
  return `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`; // the signs of Etc are turned round
}

let server, shop, device;
before(async () => {
  server = await empty();
  shop = await open_shop(server, afternoon_zone());
  device = await shop.boss.post('/devices', { name: 'Пульт', point_id: shop.point.id });
  // The disk of this very machine may be low, and would stand in the day.
  const rules = await shop.boss.get('/settings/alarms');
  await shop.boss.ask('PUT', '/settings/alarms', { ...rules, on: false });
  await open_browser();
});
after(async () => {
  await close_browser();
  await server?.stop();
});

let presses = 0;
async function press(key, age_ms = 60_000) {
  presses += 1;
  const answer = await fetch(`${server.url}/api/v1/presses`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${device.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ press_id: `p${presses}`, key, age_ms }),
  });
  assert.ok(answer.ok, await answer.text());
}
const hour = 3_600_000;
const list = (page) => page.getByRole('listbox', { name: 'Мой день' });
const thing = (page) => page.getByRole('region', { name: 'Дело' });
const count = (page) => places(page).getByRole('link', { name: /^Мой день/ });

/** Does the thing that is open, by what its side offers. */
async function work_one(page) {
  const side = thing(page);
  const done = side.getByRole('button', { name: /^Разобрать/ });
  const wave = side.getByRole('button', { name: /^(Отложить до завтра|Принять как есть)/ });
  await done.or(wave).first().waitFor();
  if (await wave.isVisible()) return wave.click();
  await done.click();
  await side.getByRole('textbox', { name: /Что именно сказал/ }).fill('Спросили цену');
  await page.keyboard.press('Enter');
  return undefined;
}

describe('my day', { timeout: 300_000 }, () => {
  it('is worked to empty from one page, and says so live', () =>
    with_page({}, async (page) => {
      await press('1', 2 * hour);
      await press('3', 6 * hour); // a complaint is late after four hours
      await press('4', 1 * hour);
      await sign_in(page, server.url, 'anna', password);
      await list(page).getByRole('option').first().waitFor();
      await list(page).getByText('Просрочено').waitFor();
      const first = list(page).getByRole('option').first();
      await until(
        async () => (await list(page).getByRole('option').count()) >= 5,
        'three presses, the recording they wait for, the point without a recorder',
      );
      assert.match(await count(page).innerText(), /5/);
      assert.equal((await page.locator('.o-due-act').first().innerText()) !== '', true);
      // What comes meanwhile is in the list and in the number without a reload.
      await press('2', 60_000);
      await until(async () => /6/.test(await count(page).innerText()), 'the number is live');
      await first.waitFor();
      for (let left = 6; left > 0; left -= 1) {
        await work_one(page);
        await until(
          async () => (await list(page).getByRole('option').count()) < left,
          `${left} things, one fewer`,
        );
      }
      await page.getByRole('heading', { name: 'На сегодня всё сделано' }).waitFor();
      await until(async () => !/\d/.test(await count(page).innerText()), 'no number is left');
      // The last one comes back by its undo.
      await page.getByRole('button', { name: 'Отменить' }).last().click();
      await list(page).getByRole('option').first().waitFor();
    }));

  it('sorts many at once and takes it back', () =>
    with_page({}, async (page) => {
      for (let i = 0; i < 105; i += 1) await press('1', 60_000 + i * 1000);
      await sign_in(page, server.url, 'anna', password);
      await places(page)
        .getByRole('link', { name: /^Входящие/ })
        .click();
      await inbox(page).locator('[aria-selected="true"]').waitFor(); // the first one is open
      await page.keyboard.press('Shift+KeyX');
      await page.keyboard.press('Shift+ArrowDown');
      await page.keyboard.press('Shift+ArrowDown');
      const bar = page.getByRole('group', { name: 'Действия с выбранными' });
      await bar.getByText('Выбрано 3 сигнала').waitFor();
      await bar.getByRole('button', { name: /^Выбрать все 105/ }).click();
      await bar.getByText('Выбрано 105 сигналов').waitFor();
      await page.keyboard.press('KeyX');
      await page.getByRole('textbox', { name: /Что сказали клиенты/ }).fill('Проверка кнопки');
      await page.keyboard.press('Enter');
      await page.getByText('Разобрано 105 сигналов').waitFor();
      assert.equal((await shop.boss.get('/signals/counts')).new, 0);
      await page.getByRole('button', { name: 'Отменить' }).last().click();
      await page.getByText('Возвращено 105 сигналов').waitFor();
      assert.equal((await shop.boss.get('/signals/counts')).new, 105);
      const back = (await shop.boss.get('/signals?limit=1')).items[0];
      assert.equal(back.what, null, 'words of all are taken away again');
    }));

  it('opens the inbox with the view of ones choice', () =>
    with_page({}, async (page) => {
      await press('3');
      await sign_in(page, server.url, 'anna', password);
      await places(page).waitFor();
      await page.goto(`${server.url}/inbox?kind=complaint`);
      await inbox(page).getByRole('option').first().waitFor();
      const menu = page.getByRole('button', { name: /^(Отборы|Жалобы)/ });
      await menu.click();
      await page.getByRole('menuitem', { name: /Сохранить этот отбор/ }).click();
      await page.getByRole('textbox', { name: 'Название отбора' }).fill('Жалобы');
      await page.getByRole('button', { name: 'Сохранить' }).click();
      await page.getByText('Отбор «Жалобы» сохранён').waitFor();
      await menu.click();
      await page.getByRole('menuitem', { name: 'Открывать список с ним' }).click();
      await until(
        async () => (await shop.boss.get('/views?list=inbox')).default_id !== null,
        'the choice is on the server',
      );
      await page.goto(`${server.url}/`);
      await places(page)
        .getByRole('link', { name: /^Входящие/ })
        .click();
      await page.waitForURL(/kind=complaint/);
      await until(async () => (await inbox(page).getByRole('option').count()) === 1, 'one only');
    }));
});
