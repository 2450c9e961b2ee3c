// Journeys through the desk of the demonstration day, by role and visible label.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  close_browser,
  enter_desk,
  inbox,
  open_browser,
  places,
  sign_in,
  sticks_out,
  until,
  with_page,
} from './browser.mjs';
import { demo } from './server.mjs';

let server;
before(
  async () => {
    server = await demo();
    await open_browser();
  },
  { timeout: 600_000 },
);
after(async () => {
  await close_browser();
  await server?.stop();
});

const enter = (page, login = 'belova') => enter_desk(page, server, login);
const record = (page) => page.getByRole('region', { name: 'Запись', exact: true });
/** A row whose recording is whole and has words. */
const spoken = (page) => inbox(page).getByRole('option').filter({ hasText: '«' });

async function open_spoken(page) {
  await inbox(page).waitFor();
  await spoken(page).first().click();
  await page.getByRole('slider', { name: 'Запись нажатия' }).waitFor();
  await record(page).locator('[data-word]').first().waitFor();
}
const clock = (page) => page.getByRole('region', { name: 'Проигрыватель' }).locator('.o-clock');

describe('the desk', { timeout: 900_000 }, () => {
  it('plays a press, jumps by a word and writes no listening before «play»', () =>
    with_page({}, async (page) => {
      const heard = [];
      page.on('request', (one) => {
        if (/\/audio\?/.test(one.url())) heard.push(one.url());
      });
      await enter(page);
      await open_spoken(page);
      assert.deepEqual(heard, [], 'sound was loaded before anybody asked for it');
      const before_jump = await clock(page).innerText();
      await record(page).locator('[data-word]').last().click();
      const after_jump = await clock(page).innerText();
      assert.notEqual(after_jump, before_jump);
      await page.keyboard.press('Space');
      await page.getByRole('button', { name: 'Пауза' }).waitFor();
      await until(
        async () => (await clock(page).innerText()) !== after_jump || heard.length > 0,
        'nothing plays',
      );
      assert.ok(heard.length > 0);
    }));

  it('sorts by keys and takes it back', () =>
    with_page({}, async (page) => {
      await enter(page);
      await open_spoken(page);
      const total = () => inbox(page).getByRole('option').first().getAttribute('aria-setsize');
      const was = Number(await total());
      await page.keyboard.press('s');
      await page.getByRole('status').filter({ hasText: 'Отложено' }).waitFor();
      await until(async () => Number(await total()) === was - 1, 'the row did not leave');
      await page.keyboard.press('z');
      await until(async () => Number(await total()) === was, 'the row did not come back');
    }));

  it('shows the clip of a press that was listed before it had one', () =>
    with_page({}, async (page) => {
      // The list as it stood a moment after the press; the signal's own version stays the same.
      let early = true;
      await page.route(/\/api\/v1\/signals\?/, async (route) => {
        const response = await route.fetch();
        const list = await response.json();
        if (early) Object.assign(list.items[0], { clip_id: null, clip_state: null });
        await route.fulfill({ response, json: list });
      });
      await enter(page);
      await inbox(page).getByRole('option').first().click();
      await page.getByRole('heading', { name: 'Фрагмента нет' }).waitFor();
      early = false;
      // A fact of another signal's clip: the list is read again.
      const status = await page.evaluate(async () => {
        const read = async (path) => (await fetch(`/api/v1${path}`)).json();
        const { csrf } = await read('/session');
        const send = (path, body) =>
          fetch(`/api/v1${path}`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
            body: body && JSON.stringify(body),
          });
        const [form] = (await read('/forms?purpose=signal')).items;
        const spoken = (await read('/signals?state=new')).items
          .slice(1)
          .find((one) => one.has_words);
        const check = await send('/checks', { form_id: form.id, clip_id: spoken.clip_id });
        return (await send(`/checks/${(await check.json()).id}/withdraw`)).status;
      });
      assert.equal(status, 200);
      await page.getByRole('heading', { name: 'Фрагмента нет' }).waitFor({ state: 'detached' });
      await record(page).getByRole('button', { name: 'Ещё', exact: true }).waitFor();
    }));

  it('misses nothing told between the list and the first event, and asks for the list ahead', () =>
    with_page({}, async (page) => {
      let listen;
      const later = new Promise((done) => (listen = done));
      await page.route(/\/api\/v1\/events/, (route) => later.then(() => route.continue()));
      await enter(page);
      const first = inbox(page).getByRole('option').first();
      const total = async () => Number(await first.getAttribute('aria-setsize'));
      await first.waitFor();
      const was = await total();
      const move = (from, to) =>
        page.evaluate(
          async ([from_state, state]) => {
            const read = async (path) => (await fetch(`/api/v1${path}`)).json();
            const { csrf } = await read('/session');
            const { id, version } = (await read(`/signals?state=${from_state}`)).items.at(-1);
            const answer = await fetch(`/api/v1/signals/${id}/state`, {
              method: 'PUT',
              headers: {
                'Content-Type': 'application/json',
                'X-CSRF-Token': csrf,
                'If-Match': `"${version}"`,
              },
              body: JSON.stringify({ state }),
            });
            return answer.status;
          },
          [from, to],
        );
      assert.equal(await move('new', 'later'), 204);
      assert.equal(await total(), was);
      listen();
      await until(async () => (await total()) === was - 1, 'missed before the stream');
      assert.equal(await move('later', 'new'), 204);
      await until(async () => (await total()) === was, 'missed in the stream');
      // The page knows from the last time what it asks first: one request, before the desk's. So
      // does one that never opened the inbox in this browser.
      const asked = [];
      page.on('request', (one) => asked.push(new URL(one.url()).pathname));
      for (const known of [true, false]) {
        asked.length = 0;
        if (!known) await page.evaluate(() => localStorage.removeItem('otklik.ahead'));
        await page.goto(`${server.url}/inbox`);
        await first.waitFor();
        const of = (path) => asked.filter((one) => one === path).length;
        assert.equal(of('/api/v1/signals'), 1, asked.join(' '));
        assert.ok(asked.indexOf('/api/v1/signals') < asked.indexOf('/api/v1/points'));
      }
    }));

  it('processes a signal only with the words of what was said', () =>
    with_page({}, async (page) => {
      await enter(page);
      await inbox(page).waitFor();
      // The words stay when the rest is taken back: a day used before has some that have them.
      const id = await page.evaluate(async () => {
        const { items } = await (await fetch('/api/v1/signals?state=new&limit=200')).json();
        return items.find((one) => one.has_words && !one.what)?.id;
      });
      assert.ok(id, 'every signal of this day has its words already');
      await page.goto(`${server.url}/inbox/${id}`);
      await record(page).locator('[data-word]').first().waitFor();
      const total = () => inbox(page).getByRole('option').first().getAttribute('aria-setsize');
      await inbox(page).getByRole('option').first().waitFor();
      const was = Number(await total());
      await page.keyboard.press('x');
      const what = page.getByLabel('Что именно сказал клиент?');
      await what.waitFor();
      await page.keyboard.press('Enter');
      await page.getByText('Напишите, что именно сказал клиент.').waitFor();
      await what.fill('Записаться по телефону не вышло');
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: 'Разобрано' }).waitFor();
      await until(async () => Number(await total()) === was - 1, 'the row did not leave');
      await page.keyboard.press('z');
      await until(async () => Number(await total()) === was, 'the row did not come back');
    }));

  it('offers no staff form on a press, says why, and the server refuses it too', () =>
    with_page({}, async (page) => {
      await enter(page);
      await open_spoken(page);
      await page.getByRole('button', { name: /^(Проверить|Продолжить)/ }).click();
      const chooser = page.getByRole('dialog', { name: 'Чек-лист для разбора сигнала' });
      await chooser.waitFor();
      const answer = await page.evaluate(async () => {
        const read = async (path) => (await fetch(`/api/v1${path}`)).json();
        const { csrf } = await read('/session');
        const [form] = (await read('/forms?purpose=standard')).items;
        const [signal] = (await read('/signals?state=new')).items.filter((one) => one.has_words);
        const refused = await fetch('/api/v1/checks', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
          body: JSON.stringify({ form_id: form.id, clip_id: signal.clip_id }),
        });
        return { status: refused.status, name: form.name, problem: await refused.json() };
      });
      assert.equal(await chooser.getByRole('button', { name: answer.name }).count(), 0);
      await chooser.getByRole('button', { name: 'Почему нет чек-листа сотрудника' }).click();
      await chooser.getByText(/случайным интервалам/).waitFor();
      assert.equal(answer.status, 409);
      assert.equal(answer.problem.code, 'check.standard_on_press');
      assert.ok(answer.problem.title.length > 40, 'the refusal explains nothing');
    }));

  it('draws a random interval and fills a staff form for it', () =>
    with_page({}, async (page) => {
      await enter(page);
      await inbox(page).waitFor();
      await places(page).getByRole('link', { name: 'Проверки' }).click();
      await page.getByRole('link', { name: 'Случайный интервал' }).click();
      await page.getByRole('button', { name: 'Бросить жребий' }).click();
      await page.getByRole('slider', { name: 'Случайный интервал записи' }).waitFor();
      await page.getByRole('button', { name: /^Проверить/ }).click();
      await page.getByRole('dialog', { name: 'Стандарт сотрудника' }).waitFor();
      await page.keyboard.press('Digit1');
      const sheet = page.getByRole('region', { name: 'Проверка', exact: true });
      await sheet.getByText(/стандарт сотрудника/).waitFor();
      await page.keyboard.press('Digit0');
      await sheet.getByText(/отвечено 1 из/).waitFor();
      await sheet.getByText(/Сохранено в/).waitFor();
    }));

  it('speaks English and keeps it with the account', () =>
    with_page({}, async (page) => {
      await enter(page, 'admin');
      await inbox(page).waitFor();
      await places(page).getByRole('button').last().click();
      await page.getByRole('menu').getByText('English').click();
      await page.getByRole('navigation', { name: 'Places' }).waitFor();
      await page.reload();
      await page.getByRole('listbox', { name: 'Inbox' }).waitFor();
      assert.equal(await page.locator('html').getAttribute('lang'), 'en');
      await page.getByRole('navigation', { name: 'Places' }).getByRole('button').last().click();
      await page.getByRole('menu').getByText('Русский').click();
      await inbox(page).waitFor();
    }));

  it('shows an employee only the checks of their own work', () =>
    with_page({}, async (page) => {
      await enter(page, 'orlova');
      await places(page).getByRole('link', { name: 'Проверки' }).click();
      await page
        .getByRole('heading', { name: /Мои проверки|проверок вашей работы/ })
        .first()
        .waitFor();
      assert.equal(await places(page).getByRole('link', { name: 'Входящие' }).count(), 0);
      await page.goto(`${server.url}/inbox`);
      await page.getByText('Эта страница вам не открыта').waitFor();
    }));

  it('fits a phone: the list, then the record, nothing sticks out', () =>
    with_page({ viewport: { width: 390, height: 844 }, hasTouch: true }, async (page) => {
      await enter(page);
      await inbox(page).waitFor();
      assert.equal(await sticks_out(page), false);
      await spoken(page).first().click();
      await page.getByRole('slider', { name: 'Запись нажатия' }).waitFor();
      assert.equal(await inbox(page).isVisible(), false);
      assert.equal(await sticks_out(page), false);
      await page.getByRole('button', { name: 'К списку' }).click();
      await inbox(page).waitFor();
    }));

  // Last: a wrong password slows the next sign-in down.
  it('says of what did not come that it did not, whole on a phone too', () =>
    with_page({}, async (page) => {
      await enter(page, 'admin');
      await inbox(page).waitFor();
      await page.route(/\/(duty|links)$/, (route) => route.abort('connectionrefused'));
      await page.goto(`${server.url}/points`);
      const side = page.locator('.o-point-side');
      await side.getByText('не загружено').waitFor();
      assert.equal(await side.getByText('дежурный не отмечен').count(), 0);
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(`${server.url}/inbox`);
      await spoken(page).first().click();
      await record(page).getByRole('button', { name: 'Ещё', exact: true }).first().click();
      await page.getByRole('menuitem', { name: 'Ссылка для встречи' }).click();
      const sheet = page.getByRole('dialog', { name: 'Ссылка для встречи' });
      await sheet.getByRole('heading', { name: 'Ссылки не загрузились' }).waitFor();
      for (const line of await sheet.locator('p').all()) {
        const box = await line.boundingBox();
        const around = await sheet.boundingBox();
        assert.ok(box.x + box.width <= around.x + around.width, await line.innerText());
      }
    }));

  it('goes on when the line broke between the password and the desk', () =>
    with_page({}, async (page) => {
      const broken = /\/(assets\/desk-|healthz)/;
      await page.route(broken, (route) => route.abort());
      await sign_in(page, server.url, 'belova', `${server.password} own`);
      await page.getByRole('alert').getByText('Сервер не отвечает').waitFor();
      await page.unroute(broken);
      await page.getByRole('button', { name: 'Войти' }).click();
      await places(page).waitFor();
    }));

  it('refuses a wrong password and keeps the name', () =>
    with_page({}, async (page) => {
      await sign_in(page, server.url, 'pavlov', 'not the password');
      await page.getByRole('alert').waitFor();
      assert.match(await page.getByRole('alert').innerText(), /пароль/i);
      assert.equal(await page.getByLabel('Имя для входа').inputValue(), 'pavlov');
      assert.equal(await places(page).count(), 0);
    }));
});
