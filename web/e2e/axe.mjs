// Serious faults for people with other ways to see and point, found by axe-core.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Serious and critical findings, one line each; `rules`: only these. The source goes in as the
 * debugger's text, since the policy of the answer lets no script in.
 */
export async function serious(page, rules) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const { violations } = await page.evaluate(
    (only) =>
      window.axe.run(document, { resultTypes: ['violations'], ...(only && { runOnly: only }) }),
    rules,
  );
  return violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')} ${node.html}`));
}

/** The same in both themes; only colours change with them. */
export async function serious_in_both_themes(page, name) {
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await serious(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await serious(page, ['color-contrast']);
  return [...light, ...dark.map((line) => `dark: ${line}`)].map((line) => `${name}: ${line}`);
}
