// Photographs playground views, 1440 and 390 px, both themes: node tools/photos.mjs OUT [view…]
// Needs `npm run dev` and Debian's chromium.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [out = '/tmp/desk-photos', ...asked] = process.argv.slice(2);
const base = process.env.DESK ?? 'http://127.0.0.1:5173';
const views = asked.length
  ? asked
  : [
      'inbox',
      'inbox&open',
      'call',
      'call&open',
      'waiting',
      'long',
      'parts',
      'error',
      'empty',
      'sign-in',
    ];
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const widths = (process.env.WIDTHS ?? '1440,390').split(',').map(Number);
const schemes = (process.env.SCHEMES ?? 'light,dark').split(',');
for (const width of widths) {
  for (const scheme of schemes) {
    const page = await browser.newPage({
      viewport: { width, height: width < 641 ? 844 : 900 },
      colorScheme: scheme,
      hasTouch: width < 641,
      locale: process.env.LANG_OF_DESK ?? 'ru-RU',
    });
    page.on('console', (said) => {
      if (['error', 'warning'].includes(said.type())) console.log(said.type(), said.text());
    });
    page.on('pageerror', (error) => console.log('pageerror', error.message));
    for (const view of views) {
      await page.goto(`${base}/playground?view=${view}`);
      await page.waitForSelector('.o-app, .o-sign');
      await page.evaluate(() => document.fonts.ready);
      await page.waitForTimeout(400);
      const lone = await page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      );
      if (lone) console.log(`${view} at ${width}: the page scrolls sideways`);
      await page.screenshot({ path: `${out}/${view.replace(/\W/g, '-')}-${width}-${scheme}.png` });
    }
    await page.close();
  }
}
await browser.close();
