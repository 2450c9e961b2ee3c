import react from '@vitejs/plugin-react';
import { browserslistToTargets } from 'lightningcss';
import { defineConfig } from 'vitest/config';

// Browsers that lack light-dark() (before 2024) still get both themes: Lightning CSS lowers it.
const targets = browserslistToTargets(['chrome 111', 'edge 111', 'firefox 114', 'safari 16.4']);

// The catalogue holds the server's words too; the desk carries only its own.
const desk_words = {
  name: 'desk-words',
  enforce: 'pre' as const,
  transform(code: string, id: string) {
    if (!/i18n\/(ru|en)\.json$/.test(id)) return null;
    const all = Object.entries(JSON.parse(code) as Record<string, string>);
    return JSON.stringify(Object.fromEntries(all.filter(([key]) => key.startsWith('ui.'))));
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
