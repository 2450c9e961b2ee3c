import react from '@vitejs/plugin-react';
import { browserslistToTargets } from 'lightningcss';
import { defineConfig } from 'vitest/config';
import { is_later } from './tools/later.mjs';

// Browsers that lack light-dark() (before 2024) still get both themes: Lightning CSS lowers it.
const targets = browserslistToTargets(['chrome 111', 'edge 111', 'firefox 114', 'safari 16.4']);

// The catalogue holds the server's words too; the desk carries only its own, in two parts.
const desk_words = {
  name: 'desk-words',
  enforce: 'pre' as const,
  transform(code: string, id: string) {
    const part = /i18n\/(?:ru|en)\.json(?:\?(first|later))?$/.exec(id);
    if (!part) return null;
    const all = Object.entries(JSON.parse(code) as Record<string, string>);
    const kept = ([key]: [string, string]) =>
      key.startsWith('ui.') && (!part[1] || is_later(key) === (part[1] === 'later'));
    return JSON.stringify(Object.fromEntries(all.filter(kept)));
  },
};

export default defineConfig(({ command }) => ({
  plugins: [desk_words, react()],
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
      output: {
        manualChunks(id) {
          const words = /i18n\/(ru|en)\.json\?(first|later)/.exec(id);
          if (words) return words[2] === 'first' ? words[1] : `more-${words[1]}`;
          if (/node_modules\/(echarts|zrender)\//.test(id)) return 'echarts';
          if (/node_modules\/(react|react-dom|scheduler|react-router)\//.test(id)) return 'react';
          return undefined;
        },
      },
    },
  },
  test: { include: ['src/**/*.test.ts', 'tools/**/*.test.mjs'], environment: 'node' },
  define: command === 'serve' ? {} : { 'import.meta.env.PLAYGROUND': 'false' },
}));
