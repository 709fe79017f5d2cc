import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { gzipAssets } from './gzip-assets.ts'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [vue(), tailwindcss(), gzipAssets()],
  build: {
    target: 'es2022',
    // The gateway serves dist; maps would only double its size.
    sourcemap: false,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:3000', ws: true } } },
})
