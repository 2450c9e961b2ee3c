// A checker's forty clips a day: by the keyboard alone, one after the other; what cannot be scored.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  close_browser,
  enter_desk,
  inbox,
  open_browser,
  places,
  until,
  with_page,
} from './browser.mjs';
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

const mark = Date.now().toString(36);
const keys_max = 18;
const walks = 8;
const goal_ms = 300;
const told = (page, text) => page.getByRole('status').filter({ hasText: text }).first().waitFor();
const sheet_of = (page) => page.getByRole('region', { name: 'Проверка', exact: true });

/** The signed-in account's own request; the page's session and its token. */
async function ask(page, method, path, data) {
  const base = `${server.url}/api/v1`;
  const { csrf } = await (await page.request.get(`${base}/session`)).json();
  const headers = { 'X-CSRF-Token': csrf, Origin: server.url };
  const answer = await page.request.fetch(base + path, { method, data, headers });
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
  return answer.status() === 204 ? undefined : answer.json();
}
/** A form of ten questions; made once, by the administrator. */
let ten;
async function ten_questions() {
  if (ten) return ten;
  await with_page({}, async (page) => {
    await enter_desk(page, server, 'admin');
    const items = Array.from({ length: 10 }, (_, i) => ({
      key: `q${i}`,
      text: `Вопрос ${i + 1}`,
      weight: 1,
      answers: [],
    }));
    ten = await ask(page, 'POST', '/forms', {
      name: `Десять вопросов ${mark}`,
      purpose: 'signal',
      body: {
        scoring: 'percentage',
        na: 'remove',
        sections: [{ key: 's', title: 'Раздел', items }],
      },
    });
  });
  return ten;
}
/** New signals with sound that nobody has checked, newest first. */
async function unchecked(page) {
  const { items } = await ask(page, 'GET', '/signals?state=new&limit=200');
  const free = [];
  for (const one of items.filter(({ length_ms, undone }) => length_ms > 0 && !undone)) {
    const clip = await ask(page, 'GET', `/clips/${one.clip_id}`);
    if (clip.checks.length === 0) free.push({ ...one, clip });
  }
  return free;
}
/** Sounds of the page, which are not in its tree, and the moments at which one began to sound. */
const hold_sounds = (page) =>
  page.addInitScript(() => {
    window.sounds = [];
    window.heard = [];
    window.pointed = 0;
    const Whole = window.Audio;
    window.Audio = function Audio(...given) {
      const sound = new Whole(...given);
      sound.addEventListener('playing', () => window.heard.push(performance.now()));
      window.sounds.push(sound);
      return sound;
    };
    addEventListener('pointerdown', () => (window.pointed += 1), true);
  });
const at_second = (page) => page.evaluate(() => window.sounds.at(-1)?.currentTime ?? 0);

describe('forty clips a day', { timeout: 900_000 }, () => {
  it('checks ten questions with two faults by 18 keys and no mouse, then the next opens', () =>
    with_page({}, async (page) => {
      const form = await ten_questions();
      await hold_sounds(page);
      await enter_desk(page, server);
      const [first] = await unchecked(page);
      await page.goto(`${server.url}/inbox/${first.id}`);
      await page.getByRole('slider', { name: 'Запись нажатия' }).waitFor();
      await inbox(page).getByRole('option', { selected: true }).waitFor();
      let keys = 0;
      const tap = async (combination) => {
        keys += combination.split('+').length;
        await page.keyboard.press(combination);
      };
      await tap('Enter');
      const chooser = page.getByRole('dialog', { name: 'Чек-лист для разбора сигнала' });
      await chooser.getByRole('button', { name: form.name }).waitFor();
      await tap('Digit1');
      const sheet = sheet_of(page);
      await sheet.waitFor();
      await tap('Space');
      await until(async () => (await at_second(page)) > 0.5, 'nothing plays');
      for (let n = 1; n <= 10; n += 1) {
        await sheet
          .getByRole('group', { name: `Вопрос ${n}`, exact: true })
          .first()
          .waitFor();
        if (n !== 3 && n !== 7) {
          await tap('Digit1');
          continue;
        }
        await tap('Digit3');
        const comment = sheet.getByRole('textbox', { name: 'Комментарий' });
        await until(() => comment.evaluate((box) => box === document.activeElement), 'no cursor');
        await page.keyboard.type(`почему ${n}`);
        await tap('Enter');
      }
      await sheet
        .getByRole('button', { name: 'Завершить' })
        .and(page.locator(':not([aria-disabled])'))
        .waitFor();
      const address = page.url();
      await tap('Control+Enter');
      await told(page, 'Проверка завершена');
      console.log(`# ten questions, two faults: ${keys} key presses beside the text`);
      assert.ok(keys <= keys_max, `${keys} keys`);
      assert.equal(await page.evaluate(() => window.pointed), 0, 'the mouse was needed');
      const done = await ask(page, 'GET', `/checks/${address.split('/').at(-1)}`);
      assert.equal(done.state, 'done');
      assert.equal(done.score.percent, 80);
      assert.deepEqual(
        done.evidence.map((one) => one.item),
        ['q2', 'q6'],
      );
      assert.ok(done.evidence.every((one) => one.clip_sample > 0));
      assert.deepEqual(
        done.answers.filter((one) => one.comment).map((one) => one.comment),
        ['почему 3', 'почему 7'],
      );
      // The next of the queue opened itself, says its place, and plays.
      await page.waitForURL((url) => /\/checks\//.test(url.href) && url.href !== address);
      await sheet.getByRole('heading', { name: /^Проверка \d+ из \d+$/ }).waitFor();
      await until(async () => (await at_second(page)) > 0.2, 'the next does not play');
      // Left as it came, it leaves no draft behind.
      await sheet.getByRole('button', { name: 'Закрыть проверку' }).click();
      await inbox(page).waitFor();
      await until(async () => {
        const { items } = await ask(page, 'GET', '/checks?state=draft&mine=1');
        return items.every((one) => one.form_name !== form.name);
      }, 'an empty draft stayed');
    }));

  it('plays the next clip soon after the click', () =>
    with_page({}, async (page) => {
      await hold_sounds(page);
      await enter_desk(page, server);
      const spoken = inbox(page).getByRole('option').filter({ hasText: '«' });
      await spoken.first().click();
      const next = page.getByRole('button', { name: 'следующий' });
      const play = page.getByRole('button', { name: 'Играть' });
      const took = [];
      for (let tried = 0; took.length < walks && tried < 4 * walks; tried += 1) {
        const before = await page.evaluate(() => window.heard.length);
        if (await play.isVisible()) await play.click({ timeout: 2_000 }).catch(() => undefined);
        if (!(await page.getByRole('button', { name: 'Пауза' }).isVisible())) {
          await next.click(); // nothing to hear here
          continue;
        }
        await until(
          () =>
            page.evaluate(
              (n) => window.heard.length > n || window.sounds.at(-1).currentTime > 0.1,
              before,
            ),
          'silent',
        );
        await page.waitForTimeout(450); // a person hears something before going on
        const began = await page.evaluate(() => {
          window.heard = [];
          const now = performance.now();
          document.querySelector('button[aria-label="следующий"]').click();
          return now;
        });
        const sounds = () => page.evaluate(() => window.heard[0] ?? null);
        for (let wait = 0; wait < 30 && (await sounds()) === null; wait += 1)
          await page.waitForTimeout(50);
        const heard = await sounds();
        if (heard !== null) took.push(heard - began);
      }
      took.sort((a, b) => a - b);
      const part = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))];
      console.log(
        `# click to the next clip playing, ${took.length} x: half ${part(0.5).toFixed(0)} ms, ` +
          `p95 ${part(0.95).toFixed(0)} ms, goal ${goal_ms}`,
      );
      assert.ok(took.length >= 5, 'too few clips played on');
      assert.ok(part(0.5) <= goal_ms * 3, `half of them took ${part(0.5)} ms`);
    }));

  it('ends what cannot be scored with its reason, lists it, and takes it back', () =>
    with_page({}, async (page) => {
      const form = await ten_questions();
      await enter_desk(page, server);
      const [first] = await unchecked(page);
      const check = await ask(page, 'POST', '/checks', {
        form_id: form.id,
        clip_id: first.clip_id,
      });
      await page.goto(`${server.url}/checks/${check.id}`);
      const sheet = sheet_of(page);
      await sheet.waitFor();
      await page.keyboard.press('KeyN');
      const why = page.getByRole('dialog', { name: 'Почему нельзя оценить' });
      await why.getByRole('button', { name: 'плохая запись' }).waitFor();
      await page.keyboard.press('Digit1');
      await told(page, 'Проверка завершена без оценки');
      await sheet.getByText('без оценки, плохая запись').waitFor();
      await page.goto(`${server.url}/checks?tab=unassessed`);
      await page
        .getByRole('row')
        .filter({ hasText: form.name })
        .filter({ hasText: 'плохая запись' })
        .waitFor();
      const { items } = await ask(page, 'GET', '/checks/bad-sound');
      assert.ok(items.some((one) => one.point_id === first.point_id && one.newest_id === check.id));
      const figures = await ask(page, 'GET', '/figures?name=check_score_signal');
      assert.ok(
        figures.items[0].missing_by.some((one) => one.text === 'плохая запись' && one.n > 0),
      );
      await page.goto(`${server.url}/checks/${check.id}`);
      await sheet.getByRole('button', { name: 'Открыть заново' }).click();
      await sheet.getByRole('button', { name: 'Нельзя оценить' }).waitFor();
      // A draft deleted by mistake comes back.
      await sheet.getByRole('button', { name: 'Ещё', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Удалить черновик' }).click();
      await told(page, 'Черновик удалён');
      await page.keyboard.press('KeyZ');
      await sheet.getByRole('button', { name: 'Нельзя оценить' }).waitFor();
    }));

  it('puts in a ready comment by a key', () =>
    with_page({}, async (page) => {
      const form = await ten_questions();
      await enter_desk(page, server);
      const [first] = await unchecked(page);
      const check = await ask(page, 'POST', '/checks', {
        form_id: form.id,
        clip_id: first.clip_id,
      });
      await page.goto(`${server.url}/checks/${check.id}`);
      const sheet = sheet_of(page);
      await sheet.waitFor();
      await page.keyboard.press('Digit3');
      const comment = sheet.getByRole('textbox', { name: 'Комментарий' });
      await comment.fill(`Не назвал срок ${mark}`);
      await sheet.getByRole('button', { name: 'Сохранить как заготовку' }).click();
      await told(page, 'Заготовка сохранена');
      await comment.fill('');
      await sheet.getByRole('button', { name: `Не назвал срок ${mark}` }).waitFor();
      await comment.press('Alt+Digit1');
      assert.equal(await comment.inputValue(), `Не назвал срок ${mark}`);
      await sheet.getByText(/Сохранено в/).waitFor();
      await ask(page, 'POST', `/checks/${check.id}/withdraw`);
    }));

  it('finds what was said and who served, of any age, and shows who else is at a record', () =>
    with_page({}, async (page) => {
      await enter_desk(page, server);
      const [first] = await unchecked(page);
      const row = await ask(page, 'GET', `/signals/${first.id}`);
      const base = `${server.url}/api/v1`;
      const { csrf } = await (await page.request.get(`${base}/session`)).json();
      const changed = await page.request.put(`${base}/signals/${first.id}/state`, {
        data: { state: 'done', what: `Скрипят колодки ${mark}` },
        headers: { 'X-CSRF-Token': csrf, 'If-Match': `"${row.version}"`, Origin: server.url },
      });
      assert.ok(changed.ok(), await changed.text());
      await inbox(page).waitFor();
      await page.keyboard.press('Control+KeyK');
      await page.getByRole('combobox', { name: 'Найти' }).fill(`колод ${mark}`);
      await page
        .getByRole('option', { name: new RegExp(`Скрипят колодки ${mark}`), selected: true })
        .waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(new RegExp(`/inbox/${first.id}`));
      await page.getByRole('slider', { name: 'Запись нажатия' }).waitFor();
      await with_page({}, async (other) => {
        await enter_desk(other, server, 'admin');
        await other.goto(`${server.url}/inbox/${first.id}`);
        await other.getByText(/здесь же:/).waitFor();
      });
      await places(page).waitFor();
    }));
});
