// The work of an administrator and of a checker, step by step, by role and visible label.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  close_browser,
  enter_desk,
  inbox,
  open_browser,
  places,
  sign_in,
  until,
  with_page,
} from './browser.mjs';
import { demo } from './server.mjs';
import { wav } from './sound.mjs';

let server;
before(async () => {
  server = await demo();
  await open_browser();
});
after(async () => {
  await close_browser();
  await server?.stop();
});

const mark = Date.now().toString(36); // names of this run, on a day that may have seen others
const told = (page, text) => page.getByRole('status').filter({ hasText: text }).first().waitFor();
const setting = (page, part) => page.goto(`${server.url}/settings/${part}`);
const choose = async (page, label, option) => {
  await page.getByRole('textbox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option }).click();
};

describe('the work', { timeout: 900_000 }, () => {
  it('uploads a file by hand, then the words of it', () =>
    with_page({}, async (page) => {
      await enter_desk(page, server, 'admin');
      await page.goto(`${server.url}/points`);
      await page.getByRole('button', { name: 'Загрузить записи' }).first().click();
      const box = page.getByRole('region', { name: 'Загрузить записи' });
      await box.locator('input[type=file]:not([data-folder])').setInputFiles({
        name: `tone ${mark}.wav`,
        mimeType: 'audio/wav',
        buffer: wav(20),
      });
      // The evening of the demonstration day, at a minute of this run's own.
      const [day] = new Date(Date.now() - 19 * 3_600_000).toISOString().split('T');
      const two = (n) => String(n).padStart(2, '0');
      const spare = Math.floor(Date.now() / 1000) % 3600;
      await box.getByLabel('День начала').fill(day.split('-').reverse().join('.'));
      await box
        .getByLabel('Время начала')
        .fill(`20:${two(Math.floor(spare / 60))}:${two(spare % 60)}`);
      await box.getByRole('button', { name: /^Загрузить: 1/ }).click();
      await box.getByText('Принято').waitFor();
      await box.getByRole('link', { name: 'Открыть запись' }).click();
      await page.getByRole('heading', { name: 'Готовый текст' }).waitFor();
      await page.locator('input[type=file]').setInputFiles({
        name: 'words.srt',
        mimeType: 'text/plain',
        buffer: Buffer.from('1\n00:00:02,000 --> 00:00:04,000\nЗдравствуйте, слушаю вас.\n'),
      });
      await told(page, 'Принято 3 слова');
      await page.getByText('Здравствуйте,').first().waitFor();
    }));

  it('cancels an upload under way', () =>
    with_page({}, async (page) => {
      await enter_desk(page, server, 'admin');
      await page.goto(`${server.url}/points?upload=1`);
      const box = page.getByRole('region', { name: 'Загрузить записи' });
      // A net that stands still.
      await page.route('**/api/v1/uploads', (route) =>
        route.request().method() === 'POST' ? undefined : route.continue(),
      );
      await box.locator('input[type=file]:not([data-folder])').setInputFiles({
        name: 'long.wav',
        mimeType: 'audio/wav',
        buffer: wav(5),
      });
      await box.getByRole('button', { name: /^Загрузить: 1/ }).click();
      await box.getByText('Загружается файл 1 из 1').waitFor();
      await box.getByRole('button', { name: 'Отменить загрузку «long.wav»' }).click();
      await box.getByText('Загрузка отменена, файл не принят.').waitFor();
      await box.getByRole('button', { name: /^Загрузить: 1/ }).waitFor();
    }));

  it('adds a device and shows its token once', () =>
    with_page({}, async (page) => {
      await enter_desk(page, server, 'admin');
      await setting(page, 'devices');
      await page.getByRole('button', { name: 'Добавить пульт' }).click();
      await page.getByLabel('Название').fill(`Пульт ${mark}`);
      await page.getByRole('button', { name: 'Сохранить' }).click();
      const secret = page.getByRole('status', { name: 'Ключ пульта' });
      const token = (await secret.locator('code').first().innerText()).trim();
      assert.ok(token.length >= 20, token);
      await secret.getByRole('button', { name: 'Сохранено, скрыть' }).click();
      await page.getByRole('link', { name: `Пульт ${mark}` }).click();
      await page.getByRole('heading', { name: `Пульт ${mark}` }).waitFor();
      assert.equal((await page.locator('body').innerText()).includes(token), false);
      // A press of the new device comes into the inbox, and is withdrawn there.
      const pressed = await fetch(`${server.url}/api/v1/presses`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ press_id: `press-${mark}`, key: '3', age_ms: 0 }),
      });
      assert.ok(pressed.ok, await pressed.text());
      await places(page).getByRole('link', { name: 'Входящие' }).click();
      const first = inbox(page).getByRole('option').first();
      await first.filter({ hasText: 'Жалоба' }).filter({ hasText: 'Слова появятся' }).click();
      const total = async () => Number(await first.getAttribute('aria-setsize'));
      const was = await total();
      await page.getByRole('button', { name: 'Ещё', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Отменить нажатие' }).click();
      const asked = page.getByRole('dialog', { name: 'Отменить нажатие' });
      await asked.getByRole('button', { name: 'Отменить нажатие' }).click();
      await told(page, 'Нажатие отменено');
      await until(async () => (await total()) === was - 1, 'the press stayed in the list');
    }));

  it('opens an account, and its first sign-in asks for an own password', () =>
    with_page({}, async (page) => {
      await enter_desk(page, server, 'admin');
      await setting(page, 'people');
      await page.getByRole('button', { name: 'Добавить человека' }).click();
      await page.getByLabel('Фамилия, имя, отчество').fill(`Новикова Ольга ${mark}`);
      await page.getByRole('button', { name: 'Сохранить' }).click();
      await page.getByText(`Новикова Ольга ${mark}`).first().waitFor();
      await page.getByRole('button', { name: 'Открыть доступ' }).click();
      await choose(page, 'Кому', `Новикова Ольга ${mark}`);
      await page.getByLabel('Имя для входа').fill(`new-${mark}`);
      await page.getByRole('button', { name: 'Сохранить' }).click();
      const secret = page.getByRole('status', { name: 'Временный пароль' });
      const given = (await secret.locator('code').innerText()).trim();
      await page.context().clearCookies();
      await sign_in(page, server.url, `new-${mark}`, given);
      await page.getByRole('heading', { name: 'Новый пароль' }).waitFor();
      const own = `${given} own`;
      await page.getByRole('textbox', { name: 'Текущий пароль' }).fill(given);
      await page.getByRole('textbox', { name: 'Новый пароль', exact: true }).fill(own);
      await page.getByRole('textbox', { name: 'Новый пароль ещё раз' }).fill(own);
      await page.getByRole('button', { name: 'Сохранить пароль' }).click();
      await places(page).waitFor();
      await page.getByText(`Новикова Ольга ${mark}`).waitFor();
      assert.equal(await places(page).getByRole('link', { name: 'Настройки' }).count(), 0);
    }));

  it('saves a new version of a form', () =>
    with_page({}, async (page) => {
      await enter_desk(page, server, 'admin');
      await setting(page, 'forms');
      const row = page.getByRole('link', { name: /Разбор сигнала клиента/ });
      const version = async () => Number(/версия (\d+)/.exec(await row.innerText())[1]);
      const was = await version();
      await row.click();
      await page.getByLabel('Подсказка контролёру').first().fill(`Подсказка ${mark}`);
      await page.getByRole('button', { name: 'Сохранить новую версию' }).click();
      await told(page, 'Новая версия сохранена');
      await page.getByRole('link', { name: 'Чек-листы' }).last().click();
      await until(async () => (await version()) === was + 1, 'the version did not grow');
      await row.click();
      const hint = page.getByLabel('Подсказка контролёру').first();
      await hint.waitFor();
      assert.equal(await hint.inputValue(), `Подсказка ${mark}`);
    }));

  it('goes from a figure to its rows and to the second of sound', () =>
    with_page({}, async (page) => {
      await enter_desk(page, server, 'admin');
      await inbox(page).waitFor();
      await places(page).getByRole('link', { name: 'Сводка' }).click();
      await page.getByRole('button', { name: /^Сигналы: показать строки/ }).click();
      const rows = page.getByRole('region', { name: /Сигналы/ }).last();
      await rows.getByRole('link').last().click();
      const wave = page.getByRole('slider', { name: 'Запись нажатия' });
      await wave.waitFor();
      await page.getByRole('region', { name: 'Запись', exact: true }).waitFor();
      const word = page.locator('[data-word]').last();
      await word.click();
      await page.keyboard.press('Space');
      await page.getByRole('button', { name: 'Пауза' }).waitFor();
      await page.goBack();
      await page.getByRole('heading', { name: 'Сводка' }).waitFor();
    }));

  it('keeps filters in the address and the scroll of the list on the way back', () =>
    with_page({ viewport: { width: 1440, height: 420 } }, async (page) => {
      await enter_desk(page, server);
      await inbox(page).waitFor();
      const all = await inbox(page).getByRole('option').first().getAttribute('aria-setsize');
      await page.getByRole('button', { name: /^Точка/ }).click();
      await page.getByRole('menuitemradio', { name: 'Касса' }).first().click();
      await page.waitForURL(/point=/);
      const some = () => inbox(page).getByRole('option').first().getAttribute('aria-setsize');
      await until(async () => Number(await some()) < Number(all), 'the filter changed nothing');
      const few = await some();
      const scroll = () => inbox(page).evaluate((list) => list.scrollTop);
      await inbox(page).hover();
      await page.mouse.wheel(0, 4000);
      await until(async () => (await scroll()) > 20, 'the list does not scroll');
      await inbox(page).getByRole('option').last().click();
      const was = await scroll();
      await places(page).getByRole('link', { name: 'Проверки' }).click();
      await page.getByRole('heading', { name: 'Проверки' }).waitFor();
      await page.goBack();
      await inbox(page).waitFor();
      assert.match(page.url(), /point=/);
      await until(async () => (await some()) === few, 'the filter is lost');
      await until(
        async () => Math.abs((await scroll()) - was) < 60,
        `the scroll was ${was}, is ${await scroll()}`,
      );
    }));

  it('keeps a half-written form under the sign-in, too', () =>
    with_page({}, async (page) => {
      await enter_desk(page, server, 'admin');
      await setting(page, 'questions');
      const field = page.getByLabel('Новый вопрос');
      await field.fill(`Всё ли понятно ${mark}?`);
      await page.context().clearCookies();
      await page.getByRole('button', { name: 'Добавить', exact: true }).click();
      const name = page.getByLabel('Имя для входа');
      await name.fill('admin');
      await page.getByRole('textbox', { name: 'Пароль' }).fill(server.password);
      await page.getByRole('button', { name: 'Войти' }).click();
      await name.waitFor({ state: 'detached' });
      assert.equal(await field.inputValue(), `Всё ли понятно ${mark}?`);
      await page.getByRole('button', { name: 'Добавить', exact: true }).click();
      await page
        .getByRole('listitem')
        .filter({ hasText: `Всё ли понятно ${mark}?` })
        .waitFor();
    }));

  it('imports staff from a file, names the bad line, takes the whole back', () =>
    with_page({}, async (page) => {
      await enter_desk(page, server, 'admin');
      await setting(page, 'import');
      const table = [
        'Таб. №;Кто это;Телефон',
        `${mark}-1;Импортов Иван ${mark};8 912 345-67-89`,
        `${mark}-2;Импортова Анна ${mark};12`,
      ].join('\r\n');
      await page.getByLabel('Файл таблицы').setInputFiles({
        name: `staff-${mark}.csv`,
        mimeType: 'text/csv',
        buffer: Buffer.from(table),
      });
      // The column with the names has a head that nobody knows: it is matched by hand.
      await page.getByText(/Укажите столбцы: ФИО/).waitFor();
      await choose(page, 'ФИО', /Кто это/);
      await page.getByRole('button', { name: 'Применить' }).click();
      await page.getByRole('button', { name: 'Появится 1' }).waitFor();
      await page.getByText(/Телефон: «12» — не целый телефон/).waitFor();
      await page.getByRole('button', { name: 'Загрузить 1 строку' }).click();
      await page.getByText('Загружено', { exact: true }).waitFor();
      await setting(page, 'people');
      await page.getByText(`Импортов Иван ${mark}`).first().waitFor();
      await page.goBack();
      await page.getByRole('button', { name: 'Отменить загрузку' }).click();
      await page.getByRole('group').getByRole('button', { name: 'Отменить загрузку' }).click();
      await page.getByText(/Загрузка отменена/).waitFor();
      await setting(page, 'people');
      await page.getByRole('heading', { name: 'Люди' }).first().waitFor();
      await until(
        async () => (await page.getByText(`Импортов Иван ${mark}`).count()) === 0,
        'the person stayed',
      );
    }));

  it('brings the presses and fragments of another system', () =>
    with_page({}, async (page) => {
      await enter_desk(page, server, 'admin');
      await setting(page, 'import');
      const asked = (path) =>
        page.evaluate(async (at) => (await fetch(`/api/v1${at}`)).json(), path);
      const points = (await asked('/points')).items;
      const point = points[0];
      const [day] = new Date(Date.now() - 3 * 86_400_000).toISOString().split('T');
      const written = day.split('-').reverse().join('.');
      const at = `${written};%;${point.name};${point.site_name};`;
      // Minutes of this run's own, on a day that may have seen others.
      const minute = String(Math.floor(Date.now() / 60_000) % 60).padStart(2, '0');
      const table = [
        'Дата;Время;Точка;Площадка;Кнопка;Комментарий;Файл',
        `${at.replace('%', `12:${minute}:05`)}Претензия;Долго ждал ${mark};old\\a-${mark}.wav`,
        `${at.replace('%', `13:${minute}:00`)}Спасибо;;`,
        `${at.replace('%', '25:00')}Жалоба;;`,
      ].join('\r\n');
      await page.getByText('Журнал нажатий прежней системы').click();
      await page.getByLabel('Файл таблицы').setInputFiles({
        name: `log-${mark}.csv`,
        mimeType: 'text/csv',
        buffer: Buffer.from(table),
      });
      await page.getByRole('button', { name: 'Появится 2' }).waitFor();
      await page.getByText(/Время: не время: «25:00»/).waitFor();
      await page.getByText('Что узнано').click();
      await page.getByText(`Претензия · Жалоба`).waitFor();
      await page.getByRole('button', { name: 'Загрузить 2 строки' }).click();
      await page.getByText('С фрагментом 0 из 2').waitFor();

      const folder = mkdtempSync(join(tmpdir(), 'otklik-fragments-'));
      try {
        const old = join(folder, 'old');
        mkdirSync(old);
        writeFileSync(join(old, `a-${mark}.wav`), wav(12));
        const named = `${day.replaceAll('-', '')}_12${minute}`;
        writeFileSync(join(old, `${day.replaceAll('-', '')}_13${minute}00.wav`), wav(11));
        writeFileSync(join(old, `${named}05 and no press.wav`.replace('_12', '_18')), wav(10));
        await page.getByLabel('Выбрать папку', { exact: true }).first().setInputFiles(folder);
        await choose(page, 'Время в имени файла', 'нажатие');
        await page.getByText('Нашли своё нажатие 2').waitFor();
        await page.getByText('Без нажатия 1').waitFor();
        await page.getByText(/В журнале нет нажатия с таким временем/).waitFor();
        await page.getByRole('button', { name: 'Загрузить 2 фрагмента' }).click();
        await page.getByText('С фрагментом 2 из 2').waitFor();
      } finally {
        rmSync(folder, { recursive: true });
      }
      const found = (await asked(`/signals?from=${day}&to=${day}&point=${point.id}`)).items.find(
        (one) => one.what === `Долго ждал ${mark}`,
      );
      assert.equal(found?.imported, true);
      await until(
        async () => (await asked(`/signals/${found.id}`)).clip_state === 'final',
        'the fragment is no clip',
      );
      await page.goto(`${server.url}/inbox/${found.id}`);
      await page.getByText(`Долго ждал ${mark}`).first().waitFor();
      await page.getByText('Журнал прежней системы').first().waitFor();
    }));
});
