import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { faultIn } from './cluster.ts'
import { findPostmaster, readPostmasterFile } from './postmaster.ts'

async function clusterWith(entry: string): Promise<string> {
  const clusterDir = await mkdtemp(join(tmpdir(), 'yeyak-postmaster-'))
  onTestFinished(() => rm(clusterDir, { recursive: true }))
  await writeFile(join(clusterDir, 'postmaster.pid'), entry)
  return clusterDir
}

test('the entry of a server is read also while it is being written', async () => {
  const whole = '4800\n/data\n1795304559\n25999\n\n127.0.0.1\n 16039943 4\nready   \n'
  expect(await readPostmasterFile(await clusterWith(whole))).toEqual({ pid: 4800, port: 25999, ready: true })
  const starting = whole.replace('ready   ', 'starting')
  expect(await readPostmasterFile(await clusterWith(starting))).toEqual({
    pid: 4800,
    port: 25999,
    ready: false,
  })
  expect(await readPostmasterFile(await clusterWith('4800\n'))).toEqual({
    pid: 4800,
    port: null,
    ready: false,
  })
  expect(await readPostmasterFile(await clusterWith(''))).toBeNull()
})

test.runIf(process.platform !== 'win32')(
  'entries that would stand in the way of a start are cleared away',
  async () => {
    for (const entry of ['', `${process.pid}\n/data\n1795304559\n25999\n`]) {
      const clusterDir = await clusterWith(entry)
      expect(await findPostmaster(clusterDir)).toBeNull()
      expect(await readdir(clusterDir)).toEqual([])
    }
  },
)

test('the line that says what is wrong is found in the output of PostgreSQL’s programs', () => {
  expect(
    faultIn('creating directory\ninitdb: error: could not create directory "/x": No space left on device\n'),
  ).toBe('could not create directory "/x": No space left on device')
  expect(
    faultIn('2026-11-21 23:42:39.783 UTC [4800] FATAL:  lock file "postmaster.pid" already exists\nHINT: …'),
  ).toBe('lock file "postmaster.pid" already exists')
  expect(faultIn('first\nlast\n')).toBe('last')
  expect(faultIn('')).toBe('it ended without a word')
})
