// A fresh server on an empty folder: the only page is the first run.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { close_browser, open_browser, places, sign_in, with_page } from './browser.mjs';
import { empty } from './server.mjs';

// A running server given by its address is not empty.
const skip = process.env.OTKLIK_BIN ? false : 'OTKLIK_BIN is not given';
let server;
before(async () => {
  if (skip) return;
  server = await empty();
  await open_browser();
});
after(async () => {
  await close_browser();
  await server?.stop();
});

const password = 'correct horse battery';

it('sends its code and looks compressed, once made', { skip, timeout: 60_000 }, async () => {
  const html = await (await fetch(server.url)).text();
  const named = [...html.matchAll(/\/assets\/[\w.-]+\.(?:js|css)/g)].map(([path]) => path);
  assert.ok(named.length >= 3, html);
  for (const coding of ['br', 'gzip'])
    for (const path of named) {
      const answer = await fetch(server.url + path, { headers: { 'Accept-Encoding': coding } });
      const bytes = (await answer.arrayBuffer()).byteLength;
      if (bytes >= 1000) assert.equal(answer.headers.get('content-encoding'), coding, path);
    }
});

it('makes the company, its point and the administrator', { skip, timeout: 60_000 }, async () => {
  await with_page({}, async (page) => {
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'Первый запуск' }).waitFor();
    await page.getByLabel('Код первого запуска').fill('wrong');
    await page.getByLabel('Название компании').fill('Автосервис Мотор');
    await page.getByLabel('Площадка', { exact: true }).fill('Сервис на Ленина, 1');
    await page.getByLabel('Первая точка').fill('Касса');
    await page.getByLabel('Ваше имя').fill('Анна Кузнецова');
    await page.getByLabel('Имя для входа').fill('anna');
    // The zone of the browser is offered, the texts of the basis card stand ready.
    assert.match(
      await page.getByLabel('Часовой пояс площадки').first().inputValue(),
      /Yekaterinburg/,
    );
    assert.notEqual(await page.getByLabel('Что сообщают клиентам').inputValue(), '');
    const create = page.getByRole('button', { name: 'Создать компанию и войти' });
    await create.click();
    await page.getByText('Заполните все поля.').waitFor();
    await page.getByRole('textbox', { name: 'Пароль' }).fill(password);
    await create.click();
    // The wrong code is said at its field, and nothing typed is lost.
    await page.locator('[name="setup_code"][aria-invalid="true"]').waitFor();
    await page.getByLabel('Код первого запуска').fill(server.code);
    await create.click();
    await places(page).waitFor();
    await page.getByRole('heading', { name: 'Первый день' }).waitFor();
    await places(page).getByRole('link', { name: 'Входящие' }).click();
    await page.getByRole('heading', { name: 'Новых сигналов нет' }).waitFor();
    await page.getByRole('link', { name: 'Открыть «Первый день»' }).waitFor();
  });
  await with_page({}, async (page) => {
    await sign_in(page, server.url, 'anna', password);
    await places(page).waitFor();
    await page.getByText('Анна Кузнецова').waitFor();
  });
});
