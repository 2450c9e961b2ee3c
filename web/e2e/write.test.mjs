// Nothing typed is lost: two computers, no network, a server that goes away and comes back.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { close_browser, open_browser, places, sign_in, until, with_page } from './browser.mjs';
import { built, lasting } from './server.mjs';
import { open_shop, password } from './shop.mjs';
import { wav } from './sound.mjs';

const skip = process.env.OTKLIK_BIN ? false : 'OTKLIK_BIN is not given';
let server;
let boss;
let check;
before(
  async () => {
    if (skip) return;
    server = await lasting(built());
    const shop = await open_shop(server);
    boss = shop.boss;
    check = await open_check(shop);
    await open_browser();
  },
  { timeout: 120_000 },
);
after(async () => {
  await close_browser();
  await server?.stop();
});

/** A draft on a clip that sounds: a recording of the last minutes and a press in it. */
async function open_check({ point }) {
  const began = Date.now() - 300_000;
  const at = (seconds) => new Date(began + seconds * 1000).toISOString();
  const recorder = await boss.post('/recorders', { name: 'Ухо', channels: 1 });
  await boss.ask('PUT', `/recorders/${recorder.id}/placement`, {
    point_id: point.id,
    begin_at: at(-3600),
  });
  const device = await boss.post('/devices', { name: 'Кнопки', point_id: point.id });
  const stored = await fetch(
    `${server.url}/api/v1/recorders/${recorder.id}/recordings?name=a.wav&starts_at=${at(0)}`,
    {
      method: 'POST',
      headers: {
        Cookie: boss.cookie,
        'X-CSRF-Token': boss.csrf,
        'Content-Type': 'application/octet-stream',
      },
      body: wav(200),
    },
  );
  assert.ok(stored.ok, await stored.text());
  const pressed = await fetch(`${server.url}/api/v1/presses`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${device.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ press_id: 'p1', key: '3', pressed_at: at(100) }),
  });
  const { signal_id } = await pressed.json();
  const items = [1, 2, 3].map((n) => ({
    key: `q${n}`,
    text: `Вопрос ${n}`,
    weight: 1,
    answers: [],
  }));
  const form = await boss.post('/forms', {
    name: 'Три вопроса',
    purpose: 'signal',
    body: { scoring: 'percentage', na: 'remove', sections: [{ key: 's', title: 'Раздел', items }] },
  });
  let clip_id;
  await until(async () => {
    const signal = await boss.get(`/signals/${signal_id}`);
    clip_id = signal.clip_id;
    return signal.length_ms > 0;
  }, 'no clip came');
  return (await boss.post('/checks', { form_id: form.id, clip_id })).id;
}
const enter = async (page) => {
  await sign_in(page, server.url, 'anna', password);
  await places(page).waitFor();
};
const sheet_of = (page) => page.getByRole('region', { name: 'Проверка', exact: true });
const comment_of = (page) => sheet_of(page).getByRole('textbox', { name: 'Комментарий' });
/** Opens the question and its comment. */
async function open_comment(page, n) {
  await sheet_of(page)
    .getByRole('group', { name: /^Вопрос \d$/ })
    .first()
    .waitFor();
  const folded = sheet_of(page).getByRole('button', { name: `Вопрос ${n}`, exact: true });
  if (await folded.isVisible()) await folded.click();
  if (!(await comment_of(page).isVisible()))
    await sheet_of(page).getByRole('button', { name: 'Комментарий' }).click();
  await comment_of(page).waitFor();
}
const saved = (page) =>
  sheet_of(page)
    .getByText(/Сохранено в/)
    .waitFor();
const stored = async (item) =>
  (await boss.get(`/checks/${check}`)).answers.find((one) => one.item === item)?.comment;

describe('nothing typed is lost', { skip, timeout: 300_000 }, () => {
  it('two computers write one answer: the newer stands, the other text stays beside it', () =>
    with_page({}, async (one) => {
      await enter(one);
      await one.goto(`${server.url}/checks/${check}`);
      await open_comment(one, 1);
      await comment_of(one).fill('начато здесь');
      await saved(one);
      await with_page({}, async (two) => {
        await enter(two);
        await two.goto(`${server.url}/checks/${check}`);
        await open_comment(two, 1);
        assert.equal(await comment_of(two).inputValue(), 'начато здесь'); // it followed the person
        await one.context().setOffline(true);
        await comment_of(one).fill('с первого, без связи');
        await sheet_of(one)
          .getByText(/нет связи/)
          .waitFor();
        await comment_of(two).fill('со второго, позже');
        await saved(two);
        await until(async () => (await stored('q1')) === 'со второго, позже', 'not stored');
        await one.context().setOffline(false);
        const aside = sheet_of(one).getByRole('note');
        await aside.getByText('с первого, без связи').waitFor();
        assert.equal(await comment_of(one).inputValue(), 'со второго, позже');
        await aside.getByRole('button', { name: 'Взять этот текст' }).click();
        await until(async () => (await stored('q1')) === 'с первого, без связи', 'not taken');
        await sheet_of(one).getByRole('note').getByText('со второго, позже').waitFor();
        await sheet_of(one).getByRole('button', { name: 'Скрыть' }).click();
      });
    }));

  it('a server restarted under the page, a tab closed while it is away, a session that ended', () =>
    with_page({}, async (page) => {
      await enter(page);
      await page.goto(`${server.url}/checks/${check}`);
      await open_comment(page, 2);
      await server.halt();
      await comment_of(page).fill('сервер вернётся');
      await sheet_of(page)
        .getByText(/нет связи/)
        .waitFor();
      await server.resume();
      await saved(page);
      assert.equal(await stored('q2'), 'сервер вернётся');

      await open_comment(page, 3);
      await server.halt();
      await comment_of(page).fill('вкладку закрыли');
      await sheet_of(page)
        .getByText(/нет связи/)
        .waitFor();
      await page.goto('about:blank');
      await server.resume();
      await page.goto(`${server.url}/inbox`); // another page of the desk sends it
      await page
        .getByRole('status')
        .filter({ hasText: /Досланы ответы/ })
        .waitFor();
      assert.equal(await stored('q3'), 'вкладку закрыли');

      await page.goto(`${server.url}/checks/${check}`);
      await open_comment(page, 3);
      await page.context().clearCookies();
      await comment_of(page).fill('сеанс кончился');
      const name = page.getByLabel('Имя для входа');
      await name.fill('anna');
      await page.getByRole('textbox', { name: 'Пароль' }).fill(password);
      await page.getByRole('button', { name: 'Войти' }).click();
      await name.waitFor({ state: 'detached' });
      await saved(page);
      assert.equal(await stored('q3'), 'сеанс кончился');
    }));
});
