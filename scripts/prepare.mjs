/**
 * After an installation: builds the dashboard, so that `npm start` never has to. Plain JavaScript, as an installation without
 * the packages of development may run under an older Node.js, which cannot read TypeScript; it has no Vite either, and is told so.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const vite = fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url))
const page = fileURLToPath(new URL('../dashboard/index.html', import.meta.url))

if (!existsSync(vite) || !existsSync(page)) {
  console.log('yeyak: the dashboard is not built, as its tools are not installed')
} else {
  const { status, error } = spawnSync(process.execPath, [vite, 'build', 'dashboard', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
    timeout: 300_000,
  })
  if (error) console.error(`yeyak: the dashboard could not be built: ${error.message}`)
  process.exitCode = status ?? 1
}
