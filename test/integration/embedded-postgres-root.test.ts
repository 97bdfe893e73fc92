import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, type TestContext } from 'vitest'
import { choosePrivileges, locateBinaries } from '../../src/platform/embedded-postgres/index.ts'
import { type EmbeddedSite, embeddedSite, query } from '../kit/embedded-site.ts'

let site: EmbeddedSite

beforeEach(async () => {
  site = await embeddedSite()
})

afterEach(() => site.clear())

function rootOnly(context: TestContext): void {
  if (process.geteuid?.() !== 0)
    context.skip('an ordinary user runs PostgreSQL as himself: nothing to choose')
}

/** Whether the user that root changes to can get to a path. */
async function othersReach(path: string): Promise<boolean> {
  const { file, args, options } = (await choosePrivileges('user')).command('/bin/sh', [
    '-c',
    '[ -x "$0" ]',
    path,
  ])
  return spawnSync(file, args, { ...options, stdio: 'ignore' }).status === 0
}

test('as root in a user namespace, the files stay root’s, also below a directory closed to others', async (context) => {
  rootOnly(context)
  if ((await choosePrivileges()).kind !== 'namespace') context.skip('user namespaces are refused here')
  expect((await stat(site.root)).mode & 0o777).toBe(0o700)
  const server = await site.start({ privileges: 'namespace' })
  expect(await query(server.url, 'SELECT 1 AS v')).toBe(1)
  expect((await stat(join(site.dataDir, 'postgres'))).uid).toBe(0)
})

test('as root without namespaces, another user runs the server in place where he can get there', async (context) => {
  rootOnly(context)
  await chmod(site.root, 0o711)
  const { nativeDir } = await locateBinaries()
  if (!(await othersReach(nativeDir)) || !(await othersReach(site.root))) {
    context.skip('no other user can enter the directory of the packages, or the temporary one')
  }
  const server = await site.start({ privileges: 'user', copiesDir: join(site.root, 'copies') })
  expect(await query(server.url, 'SELECT 1 AS v')).toBe(1)
  expect((await stat(join(site.dataDir, 'postgres'))).uid).not.toBe(0)
  expect((await stat(join(site.dataDir, 'database-url'))).uid).toBe(0)
})

test('as root, the data survive each change of the way, and the move to where the user can get', async (context) => {
  rootOnly(context)
  // Not the temporary directory of the environment: that may be one that no other user can enter.
  const copiesDir = await mkdtemp('/tmp/yeyak-embedded-copies-')
  await chmod(copiesDir, 0o755)
  try {
    const first = await site.start({ copiesDir })
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS v')
    await first.stop()
    for (const privileges of ['user', 'user', 'auto', 'user'] as const) {
      const next = await site.start({ privileges, copiesDir })
      expect(next).toMatchObject({ created: false, tookOver: false, url: first.url })
      expect(await query(next.url, 'SELECT v FROM kept')).toBe(42)
      await expect(site.start({ privileges, copiesDir })).rejects.toThrow('is in use by')
      await next.stop()
    }
    expect(site.logged.filter((line) => line.includes('its files are in'))).toHaveLength(1)
    expect(await readdir(site.dataDir)).not.toContain('postgres')
  } finally {
    await rm(copiesDir, { recursive: true, force: true })
  }
})
