import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

import { texts } from './texts'

// Addresses in the built page are relative to its <base>, which the server sets to the prefix of its public address.
export default defineConfig({
  base: './',
  plugins: [svelte(), texts()],
  build: {
    outDir: '../src/scenedex/console/static',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    // A data: URL would save a request and cost a looser policy.
    assetsInlineLimit: 0,
    // What several screens use is one file: many small ones compress worse.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'shared', test: /src\/(api|app|lib|ui)\//, minShareCount: 2 }] } },
    },
  },
  server: {
    proxy: { '/api': 'http://127.0.0.1:8600', '/objects': 'http://127.0.0.1:8600', '/console/session': 'http://127.0.0.1:8600' },
  },
  test: { include: ['test/**/*.test.ts'] },
})
