// What every page must hold to: axe, the policy of the answer, one language, a list never blank.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serious_in_both_themes } from './axe.mjs';
import { close_browser, inbox, open_browser, sign_in, sticks_out, with_page } from './browser.mjs';
import { pages_of, stretch } from './pages.mjs';
import { demo } from './server.mjs';
import { Boss, password } from './shop.mjs';

/** Accounts of this file alone: other files work on the same day at the same time. */
const mark = Date.now().toString(36);
let server;
before(async () => {
  server = await demo();
  const boss = new Boss(server.url);
  await boss.enter(server.login ?? 'admin', server.password);
  for (const language of ['ru', 'en'])
    await boss.administrator(`eye-${language}-${mark}`, language);
  await open_browser();
});
after(async () => {
  await close_browser();
  await server?.stop();
});

/** The answers have come and been drawn. */
async function settled(page) {
  await page.locator('.o-app').waitFor();
  await page.waitForTimeout(250);
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
}
async function enter(page, language = 'ru') {
  await sign_in(page, server.url, `eye-${language}-${mark}`, password);
  await settled(page);
  return pages_of(page);
}
/** To another page as a link goes there: without loading the desk anew. */
async function walk(page, path) {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate', { state: null }));
  }, `/${path}`);
  await settled(page);
}

/** All that a page says, names of its parts and hints included. */
const said_on = (page) =>
  page.evaluate(() => {
    const told = [...document.querySelectorAll('[aria-label], [title], [placeholder]')];
    const names = told.flatMap((one) =>
      ['aria-label', 'title', 'placeholder'].map((key) => one.getAttribute(key) ?? ''),
    );
    return [...document.body.innerText.split('\n'), ...names];
  });

const on_phone = ['inbox', 'record', 'check-done', 'board', 'points', 'settings-machine'];

describe('every page', { timeout: 900_000 }, () => {
  it('has nothing serious for axe in both themes, and speaks English and nothing else', () =>
    with_page({ reducedMotion: 'reduce' }, async (page) => {
      // What the server sends is data; of the board, whose words are its own, only what is named.
      let data = '';
      await page.route(/\/api\/v1\/(?!events|figures|board)/, async (route) => {
        if (route.request().method() !== 'GET' || /\/audio/.test(route.request().url()))
          return route.continue();
        const response = await route.fetch();
        const answer = await response.json().catch(() => '');
        data += JSON.stringify(answer); // without \u0431 and the like
        return route.fulfill({ response });
      });
      const pages = await enter(page, 'en');
      await page.locator('html[lang="en"]').waitFor();
      // People stand on the board by name, not every one of them on another page.
      await page.evaluate(() => fetch('/api/v1/people').then((answer) => answer.text()));
      const [found, texts] = [new Set(), new Set()];
      for (const [name, path] of pages) {
        await walk(page, path);
        for (const line of await serious_in_both_themes(page, name)) found.add(line);
        const lines = await said_on(page);
        texts.add(lines.join());
        for (const line of lines) {
          if (/\b(ui|error)\.[a-z_]+\.[a-z_.]+/.test(line)) found.add(`${name}: key «${line}»`);
          for (const [word] of line.matchAll(/[\u0400-\u04ff]+/g))
            if (!data.includes(word) && !/^(Русский|Отклик)$/.test(word))
              found.add(`${name}: «${word}» in «${line}»`);
        }
      }
      assert.deepEqual([...found], []);
      // A link to a clip ends at its record; every other page is one of its own.
      assert.ok(texts.size >= pages.length - 2, `${texts.size} texts on ${pages.length} pages`);
    }));

  it('has nothing serious for axe before the desk, and on six pages of a phone', () =>
    with_page({ reducedMotion: 'reduce' }, async (page) => {
      await page.goto(server.url);
      await page.getByLabel('Имя для входа').waitFor();
      const found = await serious_in_both_themes(page, 'sign-in');
      const pages = await enter(page);
      await page.setViewportSize({ width: 390, height: 844 });
      for (const [name, path] of pages.filter(([one]) => on_phone.includes(one))) {
        await walk(page, path);
        found.push(...(await serious_in_both_themes(page, `${name} at 390`)));
      }
      assert.deepEqual(found, []);
    }));

  it('fails a journey when the content policy is broken', () =>
    assert.rejects(
      with_page({}, async (page) => {
        await page.goto(server.url);
        await page.getByLabel('Имя для входа').waitFor();
        const complaint = page.waitForEvent('console', (said) => said.type() === 'error');
        await page.evaluate(() => {
          const script = document.createElement('script');
          script.textContent = 'window.broken = true';
          document.head.append(script);
        });
        await complaint;
      }),
      /the page complained/,
    ));

  it('scrolls 10 000 rows with long names and never shows a blank', () =>
    with_page({}, async (page) => {
      await enter(page);
      await stretch(page);
      await page.goto(`${server.url}/inbox`);
      await inbox(page).getByRole('option').first().waitFor();
      const state = () =>
        inbox(page).evaluate((list) => {
          const frame = list.getBoundingClientRect();
          const rows = [...list.querySelectorAll('[role="option"]')];
          const seen = rows.map((row) => row.getBoundingClientRect());
          const bottom = Math.max(...seen.map((row) => row.bottom));
          const top = Math.min(...seen.map((row) => row.top));
          const end = list.scrollTop + list.clientHeight >= list.scrollHeight - 1;
          return {
            kept: rows.length,
            blank: top > frame.top + 60 || (!end && bottom < frame.bottom - 1),
            total: Number(rows[0]?.getAttribute('aria-setsize')),
          };
        });
      await inbox(page).hover();
      let at;
      for (let turn = 0; turn < 400; turn += 1) {
        await page.mouse.wheel(0, 2400);
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done())));
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done())));
        at = await state();
        assert.equal(at.blank, false, `a blank after ${turn} turns of the wheel`);
        assert.ok(at.kept < 80, `${at.kept} rows in the page`);
        if (at.total >= 1000) break;
      }
      assert.ok(at.total >= 1000, `only ${at.total} rows came`);
      assert.equal(await sticks_out(page), false);
    }));
});
