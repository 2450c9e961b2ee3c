import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { browserslistToTargets } from 'lightningcss';
import type { OutputBundle, PluginContext } from 'rollup';
import { minify } from 'terser';
import { transformWithEsbuild } from 'vite';
import { defineConfig } from 'vitest/config';
import { is_later } from './tools/later.mjs';

// Browsers that lack light-dark() (before 2024) still get both themes: Lightning CSS lowers it.
const targets = browserslistToTargets(['chrome 111', 'edge 111', 'firefox 114', 'safari 16.4']);

// The catalogue holds the server's words too; the desk carries only its own, in two parts.
const desk_words = {
  name: 'desk-words',
  enforce: 'pre' as const,
  transform(code: string, id: string) {
    const part = /i18n\/(?:ru|en)\.json(?:\?(first|later|panel))?$/.exec(id);
    if (!part) return null;
    const all = Object.entries(JSON.parse(code) as Record<string, string>);
    const kept = ([key]: [string, string]) =>
      part[1] === 'panel'
        ? /^ui\.(panel|listen)\./.test(key)
        : /^(ui|clip\.gap)\./.test(key) &&
          !/^ui\.(panel|listen)\./.test(key) &&
          (!part[1] || is_later(key) === (part[1] === 'later'));
    return JSON.stringify(Object.fromEntries(all.filter(kept)));
  },
};

// The panel's service worker carries the list of the panel's files: built last, from what was built.
const panel_worker = {
  name: 'panel-worker',
  enforce: 'post' as const,
  apply: 'build' as const,
  generateBundle(this: PluginContext, _: unknown, bundle: OutputBundle) {
    const files = new Set(['/panel', '/panel/marker.wav', '/icon.svg', '/panel.webmanifest']);
    const add = (name: string) => {
      const chunk = bundle[name];
      if (files.has(`/${name}`)) return;
      files.add(`/${name}`);
      if (chunk?.type !== 'chunk') return;
      for (const more of [...chunk.imports, ...chunk.dynamicImports]) add(more);
      for (const css of chunk.viteMetadata?.importedCss ?? []) add(css);
    };
    for (const [name, one] of Object.entries(bundle)) {
      if (one.type === 'chunk' && one.facadeModuleId?.endsWith('/panel.html')) add(name);
      if (/golos-[\w-]+\.woff2$/.test(name)) add(name);
    }
    const list = [...files].sort();
    const page = readFileSync('panel.html', 'utf8') + readFileSync('public/panel.webmanifest');
    const version = createHash('sha256').update(JSON.stringify(list) + page);
    this.emitFile({
      type: 'asset',
      fileName: 'panel-sw.js',
      source: readFileSync('src/panel/worker.js', 'utf8')
        .replace('__VERSION__', version.digest('hex').slice(0, 12))
        .replace('__FILES__', JSON.stringify(list)),
    });
  },
};

// Pages fetched ahead for whoever is known, by the first part of the address (src/early.js).
const page_of: Record<string, string> = { '/': 'DayPage', '/inbox': 'RecordPage' };

/** Names of a chunk, what it loads at once, and their styles. */
function loads(bundle: OutputBundle, module: RegExp, seen = new Set<string>()): Set<string> {
  const add = (name: string) => {
    const chunk = bundle[name];
    if (chunk?.type !== 'chunk' || seen.has(`/${name}`)) return;
    seen.add(`/${name}`);
    chunk.viteMetadata?.importedCss.forEach((css) => seen.add(`/${css}`));
    chunk.imports.forEach(add);
  };
  for (const [name, one] of Object.entries(bundle))
    if (one.type === 'chunk' && one.moduleIds.some((id) => module.test(id)) && one.isDynamicEntry)
      add(name);
  return seen;
}

// src/early.js stands in the page itself, with the names of the files built.
const early_script = {
  name: 'early-script',
  transformIndexHtml: {
    order: 'post' as const,
    async handler(html: string, { path, bundle }: { path: string; bundle?: OutputBundle }) {
      if (path !== '/index.html') return html; // the other pages have no inline script
      const files: Record<string, string[]> = {};
      if (bundle) {
        const at_first = new Set([...html.matchAll(/\/assets\/[\w.-]+/g)].map(([name]) => name));
        const put = (key: string, module: RegExp, there: readonly string[] = []) => {
          const more = (name: string) => !at_first.has(name) && !there.includes(name);
          files[key] = [...loads(bundle, module)].filter(more);
        };
        put('ru', /i18n\/ru\.json\?first$/);
        put('en', /i18n\/en\.json\?first$/);
        put('desk', /src\/desk\.tsx$/);
        for (const [path, page] of Object.entries(page_of))
          put(path, new RegExp(`src/app/${page}\\.tsx$`), files.desk);
      }
      const text = readFileSync('src/early.js', 'utf8').replace('__FILES__', JSON.stringify(files));
      const { code } = await transformWithEsbuild(text, 'early.js', { minify: true });
      // Before the styles: a script behind them would wait until they are here.
      return html.replace(
        '<meta name="color-scheme"',
        `<script nonce="__CSP_NONCE__">${code.trim()}</script>\n    <meta name="color-scheme"`,
      );
    },
  },
};

// Terser takes 4 % more off the largest chunk of the first page than esbuild does (85.2 to 81.6 kB),
// and seconds for each; so it sees this one only.
const tight_desk = {
  name: 'tight-desk',
  apply: 'build' as const,
  renderChunk: {
    order: 'post' as const,
    async handler(code: string, { name }: { name: string }) {
      if (name !== 'desk') return null;
      const tight = await minify(code, { module: true, ecma: 2020 });
      return { code: tight.code ?? code, map: null };
    },
  },
};

export default defineConfig(({ command }) => ({
  plugins: [desk_words, react(), tight_desk, panel_worker, early_script],
  css: { transformer: 'lightningcss', lightningcss: { targets } },
  server: {
    port: 5173,
    fs: { allow: ['..'] },
    proxy: { '/api': { target: process.env.OTKLIK_SERVER ?? 'http://127.0.0.1:8080' } },
  },
  build: {
    target: 'es2022',
    cssMinify: 'lightningcss',
    // A data: address would need a wider Content-Security-Policy, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: ['index.html', 'panel.html', 'listen.html'],
      output: {
        manualChunks(id) {
          const words = /i18n\/(ru|en)\.json\?(first|later|panel)/.exec(id);
          if (words?.[2] === 'panel') return `panel-${words[1]}`;
          if (words) return words[2] === 'first' ? words[1] : `more-${words[1]}`;
          if (/node_modules\/(echarts|zrender)\//.test(id)) return 'echarts';
          if (/node_modules\/(react|react-dom|scheduler)\//.test(id)) return 'react';
          return undefined;
        },
      },
    },
  },
  test: { include: ['src/**/*.test.ts', 'tools/**/*.test.mjs'], environment: 'node' },
  define: command === 'serve' ? {} : { 'import.meta.env.PLAYGROUND': 'false' },
}));
