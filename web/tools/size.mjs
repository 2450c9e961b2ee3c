// Compressed sizes. The first page: what index.html loads, the language and the font; at most 300 kB.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = resolve(dirname(fileURLToPath(import.meta.url)), '../dist');
const bound = 300_000;

/** Chunks that `name` loads at once, without those behind import(). */
function closure(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  if (!name.endsWith('.js')) return seen;
  const text = readFileSync(join(dist, 'assets', name), 'utf8');
  for (const [, next] of text.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g))
    closure(next, seen);
  return seen;
}

const html = readFileSync(join(dist, 'index.html'), 'utf8');
const first = new Set();
// The script in the page names what it fetches ahead, for several pages.
const page = html.replace(/<script nonce[^]*?<\/script>/, '');
for (const [, name] of page.matchAll(/\/assets\/([\w.-]+\.(?:js|css))/g)) closure(name, first);
const all = readdirSync(join(dist, 'assets'));
all
  .filter(
    (name) => /^ru-.*\.js$/.test(name) || /^golos-(latin|cyrillic)-[\w-]{8}\.woff2$/.test(name),
  )
  .forEach((name) => first.add(name));
// The desk follows the sign-in page, and the page a person lands on comes with it.
all
  .filter((name) => /^(desk|DayPage)-.*\.(js|css)$/.test(name))
  .forEach((name) => closure(name, first));

let total = gzipSync(html).length;
for (const name of [...first].sort()) {
  const bytes = readFileSync(join(dist, 'assets', name));
  const size = name.endsWith('.woff2') ? bytes.length : gzipSync(bytes, { level: 9 }).length;
  total += size;
  console.log(String(size).padStart(8), name);
}
console.log(String(total).padStart(8), `first page, compressed; bound ${bound}`);

// Of it what stands before the sign-in page, without the font: no part of the desk may slip in.
const door_bound = 125_000;
const door = new Set(all.filter((name) => /^ru-.*\.js$/.test(name)));
for (const [, name] of page.matchAll(/\/assets\/([\w.-]+\.(?:js|css))/g)) closure(name, door);
let door_total = gzipSync(html).length;
for (const name of door)
  door_total += gzipSync(readFileSync(join(dist, 'assets', name)), { level: 9 }).length;
console.log(String(door_total).padStart(8), `sign-in page, compressed; bound ${door_bound}`);

// The panel: its page, code, looks and one language, without the font; at most 40 kB.
const panel_bound = 40_000;
const panel_html = readFileSync(join(dist, 'panel.html'), 'utf8');
const panel = new Set(all.filter((name) => /^panel-ru-.*\.js$/.test(name)));
for (const [, name] of panel_html.matchAll(/\/assets\/([\w.-]+\.(?:js|css))/g))
  closure(name, panel);
let panel_total = gzipSync(panel_html).length;
for (const name of panel)
  panel_total += gzipSync(readFileSync(join(dist, 'assets', name)), { level: 9 }).length;
console.log(String(panel_total).padStart(8), `panel, compressed; bound ${panel_bound}`);
const kept = total <= bound && door_total <= door_bound && panel_total <= panel_bound;
process.exitCode = kept ? 0 : 1;
