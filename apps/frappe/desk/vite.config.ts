import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
import { devSite } from './dev/plugin';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// The server's HTML shell reads the manifest and emits the tags; there is no index.html in the build.
export default defineConfig({
  root: here('.').replace(/\/$/, ''),
  base: '/assets/frappe/desk/',
  cacheDir: here('./node_modules/.vite'),
  plugins: [vue(), devSite()],
  resolve: { alias: { '@': here('./src') } },
  build: {
    outDir: here('../frappe/public/desk'),
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    // Only main.ts is a script of the page; the others are named so that the shell finds them in the manifest and preloads them.
    rollupOptions: { input: ['src/main.ts', 'src/app/start.ts', 'src/app/LoginPage.vue', 'src/app/pages/FormPage.vue'] },
  },
  test: {
    environment: 'jsdom',
    globals: false,
    setupFiles: ['tests/setup.ts'],
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    css: false,
    testTimeout: 20_000,
    pool: 'threads',
    poolOptions: { threads: { maxThreads: 2 } },
    restoreMocks: true,
  },
});
