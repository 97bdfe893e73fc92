import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compress } from './compress.ts'

/** `npm run dev -w dashboard` shows changes at once, and passes calls on to a server that runs on the usual port. */
const API = 'http://127.0.0.1:3000'
const passed = ['/v1', '/readyz', '/healthz', '/docs', '/openapi.json']

// Whoever builds: a test runner names its own, and React would come with all that helps its developers.
if (process.argv.includes('build')) process.env['NODE_ENV'] = 'production'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compress()],
  // Put in its place by the server, for each request another one: src/http/dashboard.ts.
  html: { cspNonce: '__nonce__' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // An inlined file would be a `data:` address, which the policy takes of images only.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: { proxy: Object.fromEntries(passed.map((path) => [path, API])) },
})
