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

/** A small page: itself, its code, looks and one language, without the font. */
function small_page(name) {
  const page_html = readFileSync(join(dist, `${name}.html`), 'utf8');
  const files = new Set(all.filter((file) => /^panel-ru-.*\.js$/.test(file)));
  for (const [, file] of page_html.matchAll(/\/assets\/([\w.-]+\.(?:js|css))/g))
    closure(file, files);
  let bytes = gzipSync(page_html).length;
  for (const file of files)
    bytes += gzipSync(readFileSync(join(dist, 'assets', file)), { level: 9 }).length;
  return bytes;
}
let kept = total <= bound && door_total <= door_bound;
for (const [name, small_bound] of [
  ['panel', 40_000],
  ['listen', 20_000],
]) {
  const bytes = small_page(name);
  console.log(String(bytes).padStart(8), `${name}, compressed; bound ${small_bound}`);
  kept &&= bytes <= small_bound;
}
process.exitCode = kept ? 0 : 1;
