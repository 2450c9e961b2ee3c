// Journeys through the press panel against the real server.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { serious } from './axe.mjs';
import {
  close_browser,
  open_browser,
  places,
  sign_in,
  sticks_out,
  until,
  with_page,
} from './browser.mjs';
import { live_recorder } from './live.mjs';
import { built, lasting } from './server.mjs';
import { open_shop, password } from './shop.mjs';
import {
  arrived as arrived_of,
  key,
  later,
  near,
  online,
  open_panel as open_panel_of,
  press_some,
  state,
  tablet,
  undo_line,
} from './tablet.mjs';

const skip = process.env.OTKLIK_BIN ? false : 'OTKLIK_BIN is not given';
let server;
let web; // a copy of the built screens, so that a test may bring a newer version
let shop;
before(
  async () => {
    if (skip) return;
    web = mkdtempSync(join(tmpdir(), 'otklik-web-'));
    cpSync(built(), web, { recursive: true });
    server = await lasting(web);
    shop = await open_shop(server);
    await open_browser();
  },
  { timeout: 120_000 },
);
after(async () => {
  await close_browser();
  await server?.stop();
  if (web) rmSync(web, { recursive: true, force: true });
});

const past_undo_ms = 10_500; // the quiet line stands there again
const open_panel = (page, panel) => open_panel_of(server, page, panel);
const arrived = (name, count) => arrived_of(shop, name, count);

/** The server remembers a token for 5 s after it was taken away. */
const forgotten = (page) =>
  until(
    () =>
      page.evaluate(async () => {
        const opened = await new Promise((done) => {
          const asked = indexedDB.open('otklik-panel');
          asked.onsuccess = () => done(asked.result);
        });
        const token = await new Promise((done) => {
          const asked = opened.transaction('kept').objectStore('kept').get('token');
          asked.onsuccess = () => done(asked.result);
        });
        opened.close();
        const answer = await fetch('/api/v1/panel', {
          headers: { Authorization: `Bearer ${token}` },
        });
        return answer.status === 401;
      }),
    'the token is still good',
  );

describe('the panel', { skip, timeout: 900_000 }, () => {
  it('is connected by the code that the settings show', () =>
    with_page({}, async (page) => {
      const { id } = await shop.panel('Панель у кассы');
      await sign_in(page, server.url, 'anna', password);
      await places(page).waitFor();
      await page.goto(`${server.url}/settings/devices/${id}`);
      await key(page, 'Подключить панель').click();
      const box = page.getByRole('status', { name: 'Код для панели' });
      await box.getByRole('img', { name: 'Код QR с адресом панели' }).waitFor();
      const code = (await box.locator('code').first().innerText()).trim();
      assert.match(code, /^[A-Z2-9]{8}$/);
      await with_page(tablet, async (panel) => {
        await panel.goto(`${server.url}/panel#${code}`);
        await panel.getByRole('heading', { name: 'Чья смена?' }).waitFor();
        assert.equal(new URL(panel.url()).hash, '');
      });
      await with_page(tablet, async (panel) => {
        await panel.goto(`${server.url}/panel`);
        await panel.getByLabel('Код').fill(code);
        await key(panel, 'Подключить').click();
        await panel.getByRole('alert').getByText('Код не подошёл').waitFor();
      });
      const { items } = await shop.boss.get('/audit?limit=50');
      assert.ok(items.some((one) => one.verb === 'device.paired' && one.subject === id));
    }));

  it('answers a press at once, and the press arrives', () =>
    with_page(tablet, async (page) => {
      const panel = await shop.panel('Быстрая');
      await open_panel(page, panel);
      // From the finger to the first picture with the key lit.
      await page.evaluate(() => {
        window.lit = [];
        const node = document.querySelector('.p-key');
        let down = 0;
        node.addEventListener('pointerdown', () => (down = performance.now()), true);
        new MutationObserver(() => {
          if (node.classList.contains('p-hit'))
            requestAnimationFrame(() => window.lit.push(performance.now() - down));
        }).observe(node, { attributes: true });
      });
      const times = [];
      const press_ten = async (how) => {
        await page.evaluate(() => (window.lit = []));
        for (let i = 0; i < 10; ++i) times.push(...(await press_some(page, ['Ответ'])));
        await until(() => page.evaluate(() => window.lit.length >= 10), 'ten lit keys');
        const lit = await page.evaluate(() => window.lit.sort((a, b) => a - b));
        const [middle, worst] = [lit[5].toFixed(1), lit[9].toFixed(1)];
        console.log(`panel: press to feedback ${how}: p50 ${middle} ms, worst ${worst} ms`);
        assert.ok(lit[5] <= 100, `${middle} ms ${how}`);
      };
      await press_ten('with network');
      await arrived('Быстрая', 10);
      await server.halt();
      await press_ten('without network');
      await server.resume();
      await online(page);
      const seen = await arrived('Быстрая', 20);
      assert.equal(seen.length, 20);
      seen.forEach((one, i) => near(one.at, times[i], 1500, `press ${i}`));
      await later(page, past_undo_ms, () => state(page).getByText('всё отправлено').waitFor());
    }));

  it('withdraws the last press within ten seconds, then the one before', () =>
    with_page(tablet, async (page) => {
      const panel = await shop.panel('Отмена');
      await open_panel(page, panel);
      await press_some(page, ['Жалоба', 'Похвала']);
      await undo_line(page).getByText('Похвала: записано').waitFor();
      await key(page, 'Отменить').click();
      await undo_line(page).getByText('Жалоба: записано').waitFor();
      await until(async () => {
        const seen = await shop.signals('Отмена');
        return seen.length === 2 && seen.filter((one) => one.undone).length === 1;
      }, 'one of two withdrawn');
      const seen = await shop.signals('Отмена');
      assert.equal(seen.find((one) => one.undone).kind, 'praise');
    }));

  it('keeps five presses without network, through a reload, and sends each once', () =>
    with_page(tablet, async (page) => {
      const panel = await shop.panel('Без сети');
      await open_panel(page, panel);
      await server.halt();
      const times = await press_some(page, ['Ответ', 'Идея', 'Жалоба']);
      await page.reload();
      await key(page, 'Ответ').waitFor();
      times.push(...(await press_some(page, ['Похвала', 'Ответ'])));
      await later(page, past_undo_ms, async () => {
        await state(page).getByText('5 ждут сети').waitFor();
        await state(page).getByText('нет сети с').waitFor();
      });
      await server.resume();
      const seen = await arrived('Без сети', 5);
      await later(page, past_undo_ms, () => state(page).getByText('всё отправлено').waitFor());
      assert.deepEqual(
        (await shop.signals('Без сети')).map((one) => one.kind),
        ['answer', 'idea', 'complaint', 'praise', 'answer'],
      );
      seen.forEach((one, i) => near(one.at, times[i], 1500, `press ${i}`));
      assert.ok(seen[0].uncertainty_ms >= 2000, 'the count was lost with the reload');
      assert.ok(seen[4].uncertainty_ms < 2000);
    }));

  it('sends once from two tabs', () =>
    with_page(tablet, async (page) => {
      const panel = await shop.panel('Две вкладки');
      await open_panel(page, panel);
      const second = await page.context().newPage();
      await second.goto(`${server.url}/panel`);
      await key(second, 'Ответ').waitFor();
      await server.halt();
      await press_some(page, ['Ответ', 'Идея']);
      await press_some(second, ['Жалоба', 'Похвала']);
      await server.resume();
      for (const tab of [page, second]) await online(tab);
      await arrived('Две вкладки', 4);
      await later(page, past_undo_ms, () => state(page).getByText('всё отправлено').waitFor());
      const seen = await shop.signals('Две вкладки');
      assert.equal(seen.length, 4);
      for (const { id } of seen)
        assert.equal((await shop.boss.get(`/signals/${id}`)).deliveries, 1);
    }));

  for (const [name, wrong] of [
    ['1970', -Date.now() + 1000],
    ['next year', 365 * 24 * 3_600_000],
  ])
    it(`tells the right time with a clock that shows ${name}`, () =>
      with_page(tablet, async (page) => {
        const panel = await shop.panel(`Часы ${name}`);
        await open_panel(page, panel);
        // The clock was right when the panel was connected, and is wrong from now on.
        await page.evaluate((off) => {
          const right = Date.now.bind(Date);
          Date.now = () => right() + off;
        }, wrong);
        await server.halt();
        const times = await press_some(page, ['Ответ', 'Жалоба']);
        await server.resume();
        await online(page);
        const seen = await arrived(panel.name, 2);
        seen.forEach((one, i) => near(one.at, times[i], 1500, `press ${i}`));
        near(seen[0].device_clock, times[0] + wrong, 1500, 'what the device showed');
      }));

  it('says that it was disconnected, keeps what is pressed, and sends it after a new code', () =>
    with_page(tablet, async (page) => {
      const panel = await shop.panel('Отозвана');
      await open_panel(page, panel);
      await shop.boss.ask('DELETE', `/devices/${panel.id}`);
      await forgotten(page);
      await key(page, 'Жалоба').click();
      await key(page, 'Ввести код').waitFor();
      await later(page, past_undo_ms, () => state(page).getByText('панель отключена').waitFor());
      await shop.boss.post(`/devices/${panel.id}/token`);
      const { code } = await shop.boss.post(`/devices/${panel.id}/pairing`);
      await key(page, 'Ввести код').click();
      await page.getByText('Эту панель отключили').waitFor();
      await page.getByLabel('Код').fill(code.toLowerCase());
      await key(page, 'Подключить').click();
      assert.equal((await arrived('Отозвана', 1))[0].kind, 'complaint');
    }));

  it('takes over a newer version of itself and loses nothing that waits', () =>
    with_page(tablet, async (page) => {
      const panel = await shop.panel('Обновление');
      await open_panel(page, panel);
      // Disconnected: presses wait although the server is there to bring the new version.
      await shop.boss.ask('DELETE', `/devices/${panel.id}`);
      await forgotten(page);
      await press_some(page, ['Ответ', 'Жалоба']);
      await key(page, 'Ввести код').waitFor();
      await page.evaluate(() => (window.old_version = true));
      await server.halt();
      const worker = join(web, 'panel-sw.js');
      const newer = readFileSync(worker, 'utf8').replace(/version = '\w+'/, "version = 'newer'");
      for (const ending of ['.br', '.gz']) rmSync(worker + ending, { force: true });
      writeFileSync(worker, newer);
      await server.resume();
      await page.evaluate(() =>
        navigator.serviceWorker.getRegistration('/panel').then((one) => one.update()),
      );
      await until(
        () => page.evaluate(() => !window.old_version).catch(() => false), // it is just leaving
        'the page is the newer one',
        60_000,
      );
      await key(page, 'Ввести код').waitFor();
      assert.deepEqual(await page.evaluate(() => caches.keys()), ['otklik-panel-newer']);
      await shop.boss.post(`/devices/${panel.id}/token`);
      const { code } = await shop.boss.post(`/devices/${panel.id}/pairing`);
      await key(page, 'Ввести код').click();
      await page.getByLabel('Код').fill(code);
      await key(page, 'Подключить').click();
      assert.equal((await arrived('Обновление', 2)).length, 2);
    }));

  it('works where the browser refuses its storage, and says so', () =>
    with_page(tablet, async (page) => {
      const panel = await shop.panel('Без памяти');
      await page.addInitScript(() => {
        indexedDB.open = () => {
          throw new DOMException('refused', 'SecurityError');
        };
      });
      await open_panel(page, panel);
      await key(page, 'Идея').click();
      assert.equal((await arrived('Без памяти', 1))[0].kind, 'idea');
      await later(page, past_undo_ms, () =>
        state(page).getByText('память браузера недоступна').waitFor(),
      );
    }));

  it('keeps pressing when the storage is full, says so, and loses nothing it can send', () =>
    with_page(tablet, async (page) => {
      const panel = await shop.panel('Полна');
      await open_panel(page, panel);
      await page.evaluate(() => {
        const { add } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.add = function full() {
          throw new DOMException('full', 'QuotaExceededError');
        };
        window.make_room = () => (IDBObjectStore.prototype.add = add);
      });
      await server.halt();
      await press_some(page, ['Идея', 'Жалоба']);
      await later(page, past_undo_ms, () =>
        state(page).getByText('память браузера недоступна').waitFor(),
      );
      await page.evaluate(() => window.make_room());
      await press_some(page, ['Похвала']);
      await server.resume();
      await online(page);
      assert.deepEqual(
        (await arrived('Полна', 3)).map((one) => one.kind),
        ['idea', 'complaint', 'praise'],
      );
      await later(page, past_undo_ms, () => state(page).getByText('всё отправлено').waitFor());
    }));

  it('begins a shift by name and PIN, and shows no name after it', () =>
    with_page(tablet, async (page) => {
      const panel = await shop.panel('Смена');
      const person = await shop.boss.post('/people', { name: 'Орлова Светлана Петровна' });
      await shop.boss.ask('PUT', `/people/${person.id}/pin`, { pin: '2468' });
      await page.goto(`${server.url}/panel#${panel.code}`);
      await key(page, 'Орлова Светлана Петровна').click();
      const type = async (digits) => {
        for (const digit of digits) await key(page, digit).click();
        await key(page, 'Начать').click();
      };
      await type('1111');
      await page.getByRole('alert').getByText('PIN не подошёл').waitFor();
      await type('2468');
      await key(page, 'Жалоба').click();
      assert.equal(await page.getByText('Орлова').count(), 0);
      assert.equal((await arrived('Смена', 1))[0].person_name, 'Орлова Светлана Петровна');
      await key(page, 'Конец смены').click();
      await key(page, 'Закончить смену').click();
      await page.getByRole('heading', { name: 'Чья смена?' }).waitFor();
      await until(async () => {
        const { items } = await shop.boss.get(`/points/${shop.point.id}/duty`);
        return items.length > 0 && items.every((one) => one.end_at);
      }, 'the duty has an end');
    }));

  it('asks on, takes a score once, knows gestures, pads that type and what was just heard', () =>
    with_page(tablet, async (page) => {
      const window_ms = { window_before_ms: 60_000, window_after_ms: 60_000, merge: false };
      const button = (code, label, kind, more = {}) => ({
        key: code,
        label,
        kind,
        ...window_ms,
        ...more,
      });
      const panel = await shop.panel('Всё умеет', [
        button('1', 'Ответ', 'answer', { score_pad: true }),
        button('2', 'Жалоба', 'complaint', { prompts: 'Что именно?\nКак было бы верно?' }),
        button('2:long', 'Зовёт старшего', 'complaint'),
        button('3', 'Похвала', 'praise', { code: 'KeyQ' }),
      ]);
      const question = await shop.boss.post('/questions', {
        text: 'Удобно ли было записаться?',
        prompts: 'Сайт, телефон, лично?',
        organic: true,
      });
      await shop.boss.post('/question-plan', { question_id: question.id });
      await open_panel(page, panel);
      await page.getByRole('heading', { name: 'Удобно ли было записаться?' }).waitFor();
      await page.getByText('Сайт, телефон, лично?').waitFor();
      await key(page, 'Ответ').click();
      await key(page, '9').click();
      await page.getByRole('heading', { name: 'Удобно ли было записаться?' }).waitFor();
      await key(page, 'Просто услышал').click();
      await key(page, 'Жалоба').click();
      await page.getByText('Как было бы верно?').waitFor();
      await key(page, 'Жалоба').click({ delay: 800 });
      await undo_line(page).getByText('Зовёт старшего').waitFor();
      await page.keyboard.press('q');
      // Presses a few ms apart may change places: each is dated by its age when it is sent.
      await undo_line(page).getByText('Похвала').waitFor();
      await page.waitForTimeout(100);
      await page.keyboard.press('1');
      await key(page, 'не назвал').click();
      const seen = await arrived('Всё умеет', 5);
      assert.deepEqual(
        seen.map((one) => [one.label, one.customer_score, one.heard, Boolean(one.question_text)]),
        [
          ['Ответ', 9, false, true],
          ['Жалоба', null, true, false],
          ['Зовёт старшего', null, false, false],
          ['Похвала', null, false, false],
          ['Ответ', null, false, true],
        ],
      );
    }));

  it('pauses for a private talk, also without network', () =>
    with_page(tablet, async (page) => {
      const panel = await shop.panel('Пауза');
      await open_panel(page, panel);
      await server.halt();
      await key(page, 'Пауза').click();
      await key(page, 'Личный разговор').click();
      await page.getByRole('heading', { name: 'Пауза: 0 минут' }).waitFor();
      await page.reload();
      await key(page, 'Продолжить').click();
      await key(page, 'Ответ').click();
      await server.resume();
      await arrived('Пауза', 1);
      const { items } = await shop.boss.get('/audit?limit=20');
      const verbs = items.map((one) => one.verb);
      assert.ok(verbs.includes('pause.begun') && verbs.includes('pause.ended'), verbs.join());
    }));

  it('never says that it records where sound comes as files', () =>
    with_page(tablet, async (page) => {
      const panel = await shop.panel('Лампа');
      await open_panel(page, panel);
      const lamp = page.locator('.p-lamp');
      await lamp.getByText('регистратора нет').waitFor();
      await shop.boss.post('/recorders', {
        name: 'Диктофон',
        channels: 1,
        pickup: 'upload',
        point_id: shop.point.id,
      });
      await page.reload();
      await lamp.getByText('запись придёт файлом').waitFor();
    }));

  it('tells the age of the last second that a live recorder handed over', () =>
    with_page(tablet, async (page) => {
      const panel = await shop.panel('Живая запись');
      const { id } = await shop.boss.post('/recorders', { name: 'Живой регистратор' });
      await shop.boss.ask('PUT', `/recorders/${id}/placement`, {
        point_id: shop.point.id,
        begin_at: new Date(Date.now() - 3_600_000).toISOString(),
      });
      const recorder = await live_recorder(shop, id);
      await open_panel(page, panel);
      const lamp = page.locator('.p-lamp');
      const shows = async (words) => {
        await page.evaluate(() => window.dispatchEvent(new Event('online')));
        await lamp.getByText(words).waitFor();
      };
      await shows(/^не пишет/);
      await recorder.post(2, 60_000);
      await shows(/^не пишет с \d\d:\d\d/);
      recorder.restart();
      await recorder.post(2, 7_500);
      await shows('звук задерживается');
      recorder.restart();
      await recorder.post(2);
      await shows(/^пишет$/);
      // In the desk its level, second by second: a recorder that sends silence is told so.
      await with_page({}, async (desk) => {
        await sign_in(desk, server.url, 'anna', password);
        await places(desk).waitFor();
        await desk.goto(`${server.url}/settings/recorders`);
        const row = desk.getByRole('listitem').filter({ hasText: 'Живой регистратор' });
        await row.getByRole('button', { name: 'Программа записи' }).click();
        await row.getByText(/^тишина: проверьте/).waitFor();
        assert.equal(await row.getByRole('meter', { name: 'Уровень' }).count(), 1);
        // The last reading is not shown as sound that comes.
        await desk.route(/\/level$/, (route) => route.abort('connectionrefused'));
        await row.getByText(/^Уровень не обновляется/).waitFor();
        assert.equal(await row.getByRole('meter').count(), 0);
        await desk.unroute(/\/level$/);
        await row.getByRole('meter').waitFor();
      });
    }));

  for (const [width, height] of [
    [390, 844],
    [800, 1280],
    [1280, 800],
  ])
    for (const colorScheme of ['light', 'dark'])
      it(`fits ${width}×${height}, ${colorScheme}`, () =>
        with_page({ viewport: { width, height }, hasTouch: true, colorScheme }, async (page) => {
          // Two keys and six are the ends of what a panel has.
          const names = [
            'Ответ',
            'Жалоба',
            'Похвала',
            'Идея',
            'Зовут старшего',
            'Ушёл без покупки',
          ];
          const buttons = names.slice(0, colorScheme === 'dark' ? 6 : 2).map((label, at) => ({
            key: String(at + 1),
            label,
            kind: ['answer', 'complaint', 'praise', 'idea'][at] ?? 'complaint',
            window_before_ms: 60_000,
            window_after_ms: 60_000,
            merge: false,
            prompts: label === 'Жалоба' ? 'Что случилось?\nКогда это было?\nЧто поправить?' : '',
          }));
          const panel = await shop.panel(`Размер ${width} ${colorScheme}`, buttons);
          await open_panel(page, panel);
          assert.equal(await sticks_out(page), false);
          for (const one of await page.locator('.p-key').all()) {
            const box = await one.boundingBox();
            assert.ok(box.width >= 120 && box.height >= 120, JSON.stringify(box));
            assert.ok(box.y + box.height <= height, 'a key is below the edge');
          }
          for (const one of await page.getByRole('button').all()) {
            const box = await one.boundingBox();
            assert.ok(!box || (box.width >= 44 && box.height >= 44), JSON.stringify(box));
          }
          const before = await page.locator('.p-key').first().boundingBox();
          await key(page, 'Жалоба').click();
          await undo_line(page).waitFor();
          // Three prompts under a question of two lines take nothing from the keys and the undo.
          await page.getByText('Что поправить?').waitFor();
          assert.deepEqual(await page.locator('.p-key').first().boundingBox(), before);
          const in_sight = async (name) => {
            const box = await key(page, name).boundingBox();
            assert.ok(
              box.y >= 0 && box.y + box.height <= height,
              `${name}: ${JSON.stringify(box)}`,
            );
          };
          await in_sight('Отменить');
          assert.deepEqual(await serious(page), []);
          if (process.env.OTKLIK_SHOTS)
            await page.screenshot({
              path: `${process.env.OTKLIK_SHOTS}/panel-${width}-${colorScheme}.png`,
            });
          await key(page, 'Пауза').click();
          await key(page, 'Личный разговор').click();
          await in_sight('Продолжить');
          await key(page, 'Продолжить').click();
        }));

  it('speaks English', () =>
    with_page({ ...tablet, locale: 'en-GB' }, async (page) => {
      const panel = await shop.panel('English');
      await page.goto(`${server.url}/panel#${panel.code}`);
      await key(page, 'Work without a name').click();
      await key(page, 'Pause').waitFor();
      await state(page).getByText('noted · everything is sent').waitFor();
      assert.equal(await page.locator('html').getAttribute('lang'), 'en');
      assert.doesNotMatch(await page.locator('main').innerText(), /ui\.panel/);
    }));
});
