// https with a certificate of our own, in browsers that know its authority: Chromium by the NSS
// database of its user, Firefox ESR by that of its profile.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { chromium } from 'playwright-core';
import { serious } from './axe.mjs';
import { places, sign_in } from './browser.mjs';
import { firefox_profile, no_firefox, open_firefox } from './firefox.mjs';
import { secure } from './server.mjs';
import { open_shop, password } from './shop.mjs';

const has = (name) => ['/usr/bin', '/usr/local/bin'].some((one) => existsSync(join(one, name)));
const skip = !process.env.OTKLIK_BIN
  ? 'OTKLIK_BIN is not given'
  : !has('certutil') && 'certutil (libnss3-tools) is not installed';
const name = 'otklik.test';

let server;
let shop;
let desk; // the address that browsers use
const homes = [];

function nss(folder, authority) {
  execFileSync('certutil', ['-d', `sql:${folder}`, '-N', '--empty-password']);
  execFileSync('certutil', [
    ...['-d', `sql:${folder}`, '-A', '-t', 'C,,', '-n', 'otklik', '-i', authority],
  ]);
}

async function open_chromium(trusts) {
  const home = mkdtempSync(join(tmpdir(), 'otklik-home-'));
  homes.push(home);
  if (trusts) {
    execFileSync('mkdir', ['-p', join(home, '.pki/nssdb')]);
    nss(join(home, '.pki/nssdb'), server.authority);
  }
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    env: { ...process.env, HOME: home },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      `--host-resolver-rules=MAP ${name} 127.0.0.1`,
    ],
  });
  return browser;
}

before(
  async () => {
    if (skip) return;
    server = await secure(name);
    desk = `https://${name}:${new URL(server.url).port}`;
    // The test's own requests hold the certificate against the authority too.
    setDefaultCACertificates([
      ...getCACertificates('default'),
      readFileSync(server.authority, 'utf8'),
    ]);
    shop = await open_shop(server);
  },
  { timeout: 60_000 },
);
after(async () => {
  await server?.stop();
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

describe('https with an own authority', { skip, timeout: 240_000 }, () => {
  it('teaches a device over plain http, and the picture says where', async () => {
    assert.ok(has('zbarimg'), 'zbarimg (zbar-tools) is not installed');
    const browser = await open_chromium(false);
    try {
      const page = await browser.newPage({
        locale: 'ru-RU',
        viewport: { width: 390, height: 1400 },
      });
      // On a page of its own: the browser's words about it are a navigation too.
      const untrusted = await browser.newPage();
      await assert.rejects(untrusted.goto(desk), /ERR_CERT_AUTHORITY_INVALID/);
      await untrusted.close();
      const address = `${desk.replace('https', 'http')}/trust`;
      await page.goto(address);
      assert.match(await page.locator('.words').textContent(), /^([а-я]{5} ){7}[а-я]{5}$/);
      const printed = await page.locator('.words + p').textContent(); // the same in Latin letters
      assert.ok(server.said.includes(`\n  ${printed}\n`), printed);
      const picture = process.env.OTKLIK_SHOTS
        ? join(process.env.OTKLIK_SHOTS, 'trust.png')
        : join(homes[0], 'trust.png');
      await page.screenshot({ path: picture, fullPage: true });
      const read = execFileSync('zbarimg', ['--quiet', '--raw', picture], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      assert.equal(read.trim(), address);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 390, `${wide} px`);
      assert.deepEqual(await serious(page), []);
      const [got] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Скачать сертификат' }).click(),
      ]);
      const text = readFileSync(server.authority, 'utf8').replace(/-----[^-]+-----|\s/g, '');
      assert.equal(readFileSync(await got.path()).toString('base64'), text);
      await page.goto(`${address}?lang=en`);
      await page.getByRole('heading', { name: 'Trusting this server' }).waitFor();
    } finally {
      await browser.close();
    }
  });

  it('is trusted by Chromium once the authority is', async () => {
    const browser = await open_chromium(true);
    try {
      const context = await browser.newContext({ locale: 'ru-RU' });
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      await sign_in(page, desk, 'anna', password);
      await places(page).waitFor();
      assert.equal(await page.evaluate(() => window.isSecureContext), true);
      const [cookie] = await context.cookies(desk);
      assert.equal(cookie.secure && cookie.httpOnly, true);
      const panel = await shop.panel('TLS');
      await page.goto(`${desk}/panel#${panel.code}`);
      await page.getByRole('button', { name: 'Работать без имени', exact: true }).click();
      const key = page.getByRole('button', { name: 'Ответ', exact: true });
      await key.waitFor();
      const worker = await page.evaluate(async () => {
        const { active } = await navigator.serviceWorker.ready;
        return active.scriptURL;
      });
      assert.ok(worker.startsWith(`${desk}/panel-sw.js`), worker);
      await key.click();
      await page.locator('.p-undo-word').waitFor();
    } finally {
      await browser.close();
    }
  });

  it('is trusted by Firefox ESR once the authority is', { skip: no_firefox }, async () => {
    const profile = firefox_profile([name, 'other.test']);
    nss(profile, server.authority);
    const browser = await open_firefox(profile);
    try {
      await assert.rejects(browser.open(desk.replace(name, 'other.test')), /CERT|unknown error/);
      await browser.open(`${desk}/panel`);
      assert.equal(await browser.value('window.isSecureContext'), true);
      const worker = await browser.value(
        'navigator.serviceWorker.ready.then((one) => one.active.scriptURL)',
      );
      assert.equal(worker, `${desk}/panel-sw.js`);
    } finally {
      await browser.close();
    }
  });
});
