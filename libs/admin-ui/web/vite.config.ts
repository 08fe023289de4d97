import { defineConfig } from 'vite';

export default defineConfig({
  // Relative, so that the UI also works behind a path prefix.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../../dist/libs/admin-ui/web',
    emptyOutDir: true,
    target: 'es2023',
    // Inlined assets and the preload polyfill would need exceptions in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
