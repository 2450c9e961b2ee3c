// Imports go app > features > ui, api, lib; features, ui and api do not import one another's rooms.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = resolve(dirname(fileURLToPath(import.meta.url)), '../src');
const may = {
  app: ['app', 'features', 'ui', 'api', 'lib'],
  features: ['features', 'ui', 'api', 'lib'],
  ui: ['ui', 'lib'],
  api: ['api', 'lib'],
  lib: ['lib'],
  listen: ['listen', 'panel', 'ui', 'assets'], // of the panel its words and elements
  panel: ['panel', 'ui', 'assets'], // of ui only its tokens: the panel has no Mantine and no React
  assets: [],
};

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** Every import that goes the wrong way, as «file → what: why». */
export function faults(root = src) {
  const found = [];
  for (const path of files(root)) {
    const name = relative(root, path);
    const [room, part] = name.split('/');
    if (room === 'playground' || !name.includes('/')) continue; // stand above all rooms
    const text = readFileSync(path, 'utf8');
    for (const [, from] of text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)) {
      const target = relative(root, resolve(dirname(path), from));
      const [other, other_part] = target.split('/');
      if (target.startsWith('..')) {
        // Only the catalogue and, for tests, the tools stand outside src.
        if (
          !/^\.\.\/(\.\.\/i18n\/(ru|en)\.json(\?(first|later|panel))?|tools\/\w+\.mjs)$/.test(
            target,
          )
        )
          found.push(`${name} → ${from}: outside`);
      } else if (!may[room]?.includes(other)) {
        found.push(`${name} → ${from}: ${room} may not use ${other}`);
      } else if (room === 'features' && other === 'features' && part !== other_part) {
        found.push(`${name} → ${from}: features do not import each other`);
      }
    }
    if (room === 'ui' && /from '@tanstack\/react-query'/.test(text)) {
      found.push(`${name}: ui knows no server`);
    }
  }
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = faults();
  found.forEach((line) => console.error(line));
  process.exitCode = found.length ? 1 : 0;
}
