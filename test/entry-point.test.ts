import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

/** Starts bin/yeyak.mjs as if on another Node, with a command that does not exist. */
function startOn(version: string): { status: number | null; stderr: string } {
  const pretend = `Object.defineProperty(process, 'version', { value: '${version}' })`
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, 'bin/yeyak.mjs', 'no-such-command'],
    { cwd: path.join(import.meta.dirname, '..'), encoding: 'utf8' },
  )
  return { status, stderr }
}

test.each(['v18.20.8', 'v20.20.2', 'v22.22.1', 'v23.11.1', 'v24.14.9'])(
  'on Node %s one line says so and names the ways out',
  (version) => {
    const { status, stderr } = startOn(version)
    expect(status).toBe(1)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(/needs Node\.js .*npm start.*install Node\.js 24/)
  },
)

test.each(['v22.22.2', 'v24.15.0', 'v26.1.0'])('on Node %s it goes on', (version) => {
  expect(startOn(version).stderr).not.toContain('needs Node.js')
})
