// Holds the catalogue together: same keys and parameters in both languages, none missing or idle.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IntlMessageFormat } from 'intl-messageformat';
import { is_later } from './later.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const src = resolve(here, '../src');
const catalogues = resolve(here, '../../i18n');

function text_files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : text_files(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** Names of the parameters of a parsed message, plural branches included. */
function parameters(parts, names = new Set()) {
  for (const part of parts) {
    if (part.type !== 0 && part.type !== 7) names.add(part.value);
    for (const option of Object.values(part.options ?? {})) parameters(option.value, names);
  }
  return names;
}
function names_of(text, lang) {
  const { ast } = {
    ast: new IntlMessageFormat(text, lang, undefined, { ignoreTag: true }).getAst(),
  };
  return [...parameters(ast)].sort().join(', ');
}

function compare(ru, en) {
  const found = [];
  for (const key of new Set([...Object.keys(ru), ...Object.keys(en)])) {
    if (!(key in ru)) found.push(`${key}: absent in ru`);
    else if (!(key in en)) found.push(`${key}: absent in en`);
    else {
      try {
        const [a, b] = [names_of(ru[key], 'ru'), names_of(en[key], 'en')];
        if (a !== b) found.push(`${key}: parameters differ: {${a}} in ru, {${b}} in en`);
      } catch (error) {
        found.push(`${key}: not an ICU message: ${error.message}`);
      }
    }
  }
  return found;
}

/** Every verb of the audit journal, as the server's rooms declare or write them. */
export function audit_verbs() {
  const server = resolve(here, '../../src');
  const verbs = new Set();
  const declared = /_verbs(?:\[\])?\s*=\s*\{([^}]*)\}/g;
  const written = /(?:\bjournal\(call, tx, |\bverb = |\bentry_of\([^;]*?, )([^;]*);/g;
  for (const entry of readdirSync(server, { recursive: true })) {
    if (!/\.(cpp|h)$/.test(entry) || /_test/.test(entry)) continue;
    const text = readFileSync(join(server, entry), 'utf8');
    for (const pattern of [declared, written])
      for (const [, part] of text.matchAll(pattern))
        for (const [, verb] of part.matchAll(/"([a-z_]+\.[a-z_]+)"/g)) verbs.add(verb);
  }
  return [...verbs].sort();
}

/** Code whose words may come later than the first page. */
const later_code =
  /app\/(FindSheet|FirstDayPages|NotFoundPage|TourPages)|ui\/(CopyButton|HoldSheet|Steps)|clips\/LinkSheet|day\/words|features\/(settings|recording|insight|guide)\/|people\/(FirstRun|Password)Page|playground\/|\.test\.ts$/;

export function faults() {
  const read = (lang) => JSON.parse(readFileSync(join(catalogues, `${lang}.json`), 'utf8'));
  const [ru, en] = [read('ru'), read('en')];
  const found = compare(ru, en);
  const code = text_files(src).map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  const used = new Set();
  const starts = new Set(); // keys made at run time: `ui.role.${role}`
  for (const { path, text } of code) {
    for (const [, key] of text.matchAll(/['"`](ui\.[a-z0-9_.]+)['"`]/g)) {
      used.add(key);
      if (is_later(key) && !later_code.test(path))
        found.push(`${path}: ${key} does not come with the first page (tools/later.mjs)`);
      if (!(key in ru) && !/\.test\.ts$/.test(path))
        found.push(`${path}: ${key} is not in the catalogue`);
    }
    for (const [, start] of text.matchAll(/`(ui\.[a-z0-9_.]*)\$\{/g)) starts.add(start);
    const bare = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''); // comments may quote the screen
    if (/[\u0400-\u04ff]/.test(bare) && !/\.test\.ts$/.test(path)) {
      found.push(`${path}: Cyrillic belongs to i18n/`);
    }
  }
  for (const key of Object.keys(ru).filter((one) => one.startsWith('ui.'))) {
    if (!used.has(key) && ![...starts].some((start) => key.startsWith(start))) {
      found.push(`${key}: nobody uses it`);
    }
  }
  for (const verb of audit_verbs())
    if (!(`ui.verb.${verb}` in ru)) found.push(`ui.verb.${verb}: the journal would show a code`);
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = faults();
  found.forEach((line) => console.error(line));
  process.exitCode = found.length ? 1 : 0;
}
