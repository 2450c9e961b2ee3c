// What every page must hold to: axe, the policy of the answer, one language, a list never blank.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import axe from 'axe-core';
import {
  close_browser,
  enter_desk,
  inbox,
  open_browser,
  sticks_out,
  with_page,
} from './browser.mjs';
import { pages_of, stretch } from './pages.mjs';
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

/** The answers have come and been drawn. */
async function settled(page) {
  await page.locator('.o-app').waitFor();
  await page.waitForTimeout(250);
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
}
async function enter(page) {
  await enter_desk(page, server, 'admin');
  return pages_of(page);
}

/** Serious and critical findings of axe, one line each. */
async function findings(page, rules) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (only) =>
      window.axe.run(document, { resultTypes: ['violations'], ...(only && { runOnly: only }) }),
    rules,
  );
  return violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')} ${node.html}`));
}

/** The language belongs to the account. */
const speak = (page, language) =>
  page.evaluate(async (wanted) => {
    const { csrf } = await (await fetch('/api/v1/session')).json();
    await fetch('/api/v1/session/language', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
      body: JSON.stringify({ language: wanted }),
    });
  }, language);

const on_phone = ['inbox', 'record', 'check-done', 'board', 'points', 'settings-machine'];
const desk_size = { width: 1440, height: 900 };
const phone_size = { width: 390, height: 844 };

describe('every page', { timeout: 900_000 }, () => {
  it('has nothing serious for axe, light and dark, and six of them on a phone', () =>
    with_page({ reducedMotion: 'reduce' }, async (page) => {
      const found = [];
      // Only colours change with the theme.
      const look = async (name) => {
        await page.emulateMedia({ colorScheme: 'light' });
        for (const line of await findings(page)) found.push(`${name}: ${line}`);
        await page.emulateMedia({ colorScheme: 'dark' });
        for (const line of await findings(page, ['color-contrast']))
          found.push(`${name}, dark: ${line}`);
      };
      await page.goto(server.url);
      await page.getByLabel('Имя для входа').waitFor();
      await look('sign-in');
      for (const [name, path] of await enter(page)) {
        await page.goto(`${server.url}/${path}`);
        await settled(page);
        await look(name);
        if (!on_phone.includes(name)) continue;
        await page.setViewportSize(phone_size);
        await settled(page);
        await look(`${name} at 390`);
        await page.setViewportSize(desk_size);
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

  it('speaks English and nothing else but data', () =>
    with_page({}, async (page) => {
      const pages = await enter(page);
      await speak(page, 'en');
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
      // People stand on the board by name, not every one of them on another page.
      await page.evaluate(() => fetch('/api/v1/people').then((answer) => answer.text()));
      const found = new Set();
      for (const [name, path] of pages) {
        await page.goto(`${server.url}/${path}`);
        await page.locator('html[lang="en"]').waitFor();
        await settled(page);
        const lines = await page.evaluate(() => {
          const told = [...document.querySelectorAll('[aria-label], [title], [placeholder]')];
          const names = told.flatMap((one) =>
            ['aria-label', 'title', 'placeholder'].map((key) => one.getAttribute(key) ?? ''),
          );
          return [...document.body.innerText.split('\n'), ...names];
        });
        for (const line of lines) {
          if (/\b(ui|error)\.[a-z_]+\.[a-z_.]+/.test(line)) found.add(`${name}: key «${line}»`);
          for (const [word] of line.matchAll(/[\u0400-\u04ff]+/g))
            if (!data.includes(word) && !/^(Русский|Отклик)$/.test(word))
              found.add(`${name}: «${word}» in «${line}»`);
        }
      }
      await speak(page, 'ru');
      assert.deepEqual([...found], []);
    }));

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
