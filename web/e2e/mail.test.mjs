// An administrator sets mail up, tries it, is told what is wrong; then an alarm is seen in the
// desk, on the page of points, and comes as a letter to who asked for it.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  close_browser,
  open_browser,
  places,
  sign_in,
  sticks_out,
  until,
  with_page,
} from './browser.mjs';
import { empty } from './server.mjs';
import { open_shop, password } from './shop.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const python = '/usr/bin/python3';
const skip = !process.env.OTKLIK_BIN
  ? 'OTKLIK_BIN is not given'
  : spawnSync(python, ['-c', 'import aiosmtpd']).status !== 0
    ? 'python3-aiosmtpd is not installed'
    : false;

const day_ms = 86_400_000;
const zone = 'Asia/Yekaterinburg';
let server;
let shop;
let box;

/** The tests' own mail server, without TLS: it is on this computer. */
function mail_box(login) {
  const folder = mkdtempSync(join(tmpdir(), 'otklik-mail-'));
  const script = resolve(here, '../../tests/testkit/mail/server.py');
  const child = spawn(python, [script, folder, '--login', login], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const letters = () =>
    existsSync(`${folder}/letters`)
      ? readdirSync(`${folder}/letters`)
          .filter((name) => name.endsWith('.eml'))
          .sort()
          .map((name) => readFileSync(`${folder}/letters/${name}`, 'utf8'))
      : [];
  const stop = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  return new Promise((done) =>
    child.stdout.once('data', (bytes) => done({ port: Number(bytes), letters, stop })),
  );
}

const words_of = (letter, header) => {
  const head = letter.split('\r\n\r\n')[0].replaceAll('\r\n ', '');
  const value = head.split('\r\n').find((line) => line.startsWith(`${header}: `)) ?? '';
  return [...value.matchAll(/=\?UTF-8\?B\?([^?]*)\?=/g)]
    .map(([, part]) => Buffer.from(part, 'base64').toString())
    .join('');
};

before(
  async () => {
    if (skip) return;
    server = await empty();
    shop = await open_shop(server, zone);
    box = await mail_box('otklik:verySecret9');
    // A dictaphone at a point that is open every day: no file of it ever came.
    const { boss, point } = shop;
    await boss.post('/recorders', {
      name: 'Диктофон 1',
      point_id: point.id,
      begin_at: new Date(Date.now() - 20 * day_ms).toISOString(),
    });
    await open_browser();
  },
  { timeout: 120_000 },
);
after(async () => {
  await close_browser();
  box?.stop();
  await server?.stop();
});

async function enter(page) {
  await sign_in(page, server.url, 'anna', password);
  await places(page).waitFor();
}
const told = (page, text) => page.getByRole('status').filter({ hasText: text }).first().waitFor();
const choose = async (page, label, option) => {
  await page.getByRole('textbox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option }).click();
};

describe('mail', { skip, timeout: 300_000 }, () => {
  it('is set up, tried, and told of in words', () =>
    with_page({}, async (page) => {
      await enter(page);
      await page.goto(`${server.url}/settings/mail`);
      await page.getByLabel('Сервер', { exact: true }).fill('localhost');
      await choose(page, 'Шифрование', /без шифрования/);
      await page.getByLabel('Порт').fill(String(box.port));
      await page.getByLabel('Имя входа').fill('otklik');
      await page.getByLabel('Пароль', { exact: true }).fill('wrong');
      await page.getByLabel('Адрес отправителя').fill('otklik@shop.example');
      await page.getByRole('button', { name: 'Сохранить' }).click();
      await told(page, 'Сохранено');

      const trial = page.getByRole('region', { name: 'Пробное письмо' });
      await trial.getByLabel('Кому').fill('anna@shop.example');
      const send = trial.getByRole('button', { name: 'Отправить пробное письмо' });
      await send.click();
      await trial.getByText(/Сервер не принял имя или пароль/).waitFor();
      await trial.getByText(/535 5\.7\.8/).waitFor();
      assert.equal(box.letters().length, 0);

      await page.getByLabel('Пароль', { exact: true }).fill('verySecret9');
      await page.getByRole('button', { name: 'Сохранить' }).click();
      await page.getByText('Пароль сохранён').waitFor();
      await trial.getByLabel('Кому').fill('anna@shop.example');
      await send.click();
      await trial.getByText(/Сервер принял письмо/).waitFor();
      assert.equal(words_of(box.letters()[0], 'Subject'), 'Отклик: пробное письмо');
      assert.ok(!(await page.content()).includes('verySecret9'), 'the password is on the page');

      // A server elsewhere is not spoken to in the open.
      await page.getByLabel('Сервер', { exact: true }).fill('smtp.example.com');
      await page.getByRole('button', { name: 'Сохранить' }).click();
      await page.getByText(/отдаются только серверу на этом же компьютере/).waitFor();
    }));

  it('tells of an alarm in the desk and by letter', () =>
    with_page({}, async (page) => {
      const { boss, point } = shop;
      await enter(page);
      await page.goto(`${server.url}/settings/letters`);
      await page.getByText('нет почтового адреса').waitFor();
      const me = (await boss.get('/people')).items[0];
      await boss.ask('PUT', `/people/${me.id}`, { name: me.name, email: 'anna@shop.example' });
      await page.reload();
      await page.getByText('anna@shop.example').waitFor();
      await page.getByLabel(/Файл за день не сдан/).check();
      await page.getByLabel('и ночью').check();
      const mine = page.getByRole('region', { name: 'Письма мне' });
      await mine.getByRole('button', { name: 'Сохранить' }).click();
      await told(page, 'Сохранено');

      const hours = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
        weekday,
        opens: '09:00',
        closes: '18:00',
      }));
      await boss.ask(
        'PUT',
        `/points/${point.id}`,
        { name: point.name, hours },
        {
          'If-Match': `"${point.version}"`,
        },
      );
      await until(() => box.letters().length === 2, 'the letter of the alarm', 60_000);
      assert.match(words_of(box.letters()[1], 'Subject'), /файл за день не сдан/);

      await page.goto(`${server.url}/points`);
      const alarms = page.getByRole('region', { name: 'Тревоги' });
      await alarms.getByText(/Файл за .* не сдан/).waitFor();
      await alarms.getByText('Диктофон 1').waitFor();
      await page.setViewportSize({ width: 390, height: 844 });
      assert.equal(await sticks_out(page), false);
      await page.setViewportSize({ width: 1440, height: 900 });

      await page.goto(server.url);
      await page
        .getByText(/Файл за .* не сдан/)
        .first()
        .click();
      await page
        .getByText(/диктофон не на зарядке/)
        .first()
        .waitFor();

      await page.goto(`${server.url}/points`);
      const row = alarms.getByRole('listitem').filter({ hasText: 'Диктофон 1' });
      await row.getByRole('button', { name: 'Закрыть' }).click();
      await row.waitFor({ state: 'detached' });
    }));

  it('tells of a response below the goal, and leads to its board', () =>
    with_page({}, async (page) => {
      const { boss, point } = shop;
      const receipts = Array.from({ length: 40 }, (_, i) => {
        const at = new Date(Date.now() - 2 * day_ms + i * 1000);
        return `${at.toISOString().slice(0, 19).replace('T', ' ')};${i};100`;
      });
      const sheet = await boss.send(
        '/imports?kind=contacts&name=till.csv',
        `Дата;Чек;Сумма\n${receipts.join('\n')}\n`,
      );
      await boss.post(`/imports/${sheet.id}/start`);
      await enter(page);
      await page.goto(`${server.url}/settings/letters`);
      await page.getByLabel('Отклик точки ниже цели').waitFor();
      await page.getByLabel('На диске сервера мало места').waitFor();
      await until(
        async () => (await boss.get(`/imports/${sheet.id}`)).state === 'done',
        'the receipts',
      );
      await boss.ask('PUT', '/settings/day-goals', {
        signal_min: 1440,
        complaint_min: 240,
        check_min: 1440,
        response_percent: 40,
      });
      await page.goto(server.url);
      const thing = page.getByText('Отклик ниже цели').first();
      await thing.waitFor({ timeout: 60_000 });
      await thing.click();
      await page.getByText(/случайностью это не объяснить/).waitFor();
      await page.getByRole('link', { name: 'Открыть сводку' }).first().click();
      await page.waitForURL(new RegExp(`/board\\?point=${point.id}`));
      await page.goto(`${server.url}/points`);
      await page.getByRole('region', { name: 'Тревоги' }).getByText('Отклик ниже цели').waitFor();
      await page.setViewportSize({ width: 390, height: 844 });
      assert.equal(await sticks_out(page), false);
    }));
});
