import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  choosePrivileges,
  createCluster,
  locateBinaries,
} from '../../src/platform/embedded-postgres/index.ts'
import { type EmbeddedSite, embeddedSite, kill, query } from '../kit/embedded-site.ts'

const isRoot = process.geteuid?.() === 0
let site: EmbeddedSite

beforeEach(async () => {
  site = await embeddedSite()
})

afterEach(() => site.clear())

test('a first start makes the cluster and the database, a later one keeps data, port and URL', async () => {
  const first = await site.start()
  expect(first).toMatchObject({ created: true, tookOver: false, version: '18.4' })
  expect(first.url).toMatch(/^postgres:\/\/yeyak:[\w-]{32}@127\.0\.0\.1:\d+\/yeyak$/)
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS v')
  await first.stop()
  await first.stop()
  await expect(query(first.url, 'SELECT 1 AS v')).rejects.toThrow('ECONNREFUSED')

  const second = await site.start()
  expect(second).toMatchObject({ created: false, tookOver: false, url: first.url })
  expect(await query(second.url, 'SELECT v FROM kept')).toBe(42)
})

test('the server is durable, in UTF-8 and UTC, on loopback TCP only, and asks for its password', async () => {
  const { url } = await site.start()
  const setting = async (name: string) => query(url, `SELECT current_setting('${name}') AS v`)
  expect(await setting('fsync')).toBe('on')
  expect(await setting('synchronous_commit')).toBe('on')
  expect(await setting('full_page_writes')).toBe('on')
  expect(await setting('listen_addresses')).toBe('127.0.0.1')
  expect(await setting('unix_socket_directories')).toBe('')
  expect(await setting('server_encoding')).toBe('UTF8')
  expect(await setting('TimeZone')).toBe('UTC')
  expect(await query(url, `SELECT upper('é예') AS v`)).toBe('É예')
  await expect(query(url.replace(/:[\w-]{32}@/, ':wrong@'), 'SELECT 1 AS v')).rejects.toThrow('password')
})

test('the data directory holds the way in for other processes, for its owner only', async () => {
  const { url } = await site.start()
  expect(await readFile(join(site.dataDir, 'database-url'), 'utf8')).toBe(`${url}\n`)
  expect((await stat(join(site.dataDir, 'database-url'))).mode & 0o777).toBe(0o600)
  expect((await stat(site.dataDir)).mode & 0o777).toBe(0o700)
  expect(await readFile(join(site.dataDir, '.gitignore'), 'utf8')).toBe('*\n')
  expect((await readdir(site.dataDir)).toSorted()).toEqual([
    '.gitignore',
    'database-url',
    'postgres',
    'postgres.log',
  ])
})

test('a directory that was there before is not hidden from git, and its big server log is put aside', async () => {
  await mkdir(site.dataDir)
  await writeFile(join(site.dataDir, 'postgres.log'), Buffer.alloc(11 * 1024 * 1024))
  await site.start()
  expect((await readdir(site.dataDir)).toSorted()).toEqual([
    'database-url',
    'postgres',
    'postgres.log',
    'postgres.log.1',
  ])
  expect((await stat(join(site.dataDir, 'postgres.log'))).size).toBeLessThan(10_000)
})

test('a second process on the directory is refused with the mend, and the first does not notice', async () => {
  const server = await site.start()
  const backend = await query(server.url, 'SELECT pg_postmaster_start_time()::text AS v')
  const { refused } = await site.spawnOwner().report
  expect(refused).toContain(
    `EmbeddedPostgresError: ${site.dataDir} is in use by another Yeyak (pid ${process.pid})`,
  )
  expect(refused).toContain('YEYAK_DATA_DIR=.yeyak-2 PORT=3001 npm start')
  expect(refused).toContain(`DATABASE_URL="$(cat ${site.dataDir}/database-url)"`)
  expect(refused).not.toContain('\n')
  expect(await query(server.url, 'SELECT pg_postmaster_start_time()::text AS v')).toBe(backend)
  await expect(site.start()).rejects.toThrow('is in use by another Yeyak')
})

test.each(['a new directory', 'a stopped one', 'an orphaned server'])(
  'of three processes that start at once on %s, exactly one wins',
  async (kind) => {
    if (kind !== 'a new directory') {
      const { child, report } = site.spawnOwner()
      expect((await report).refused).toBeUndefined()
      await kill(child, kind === 'a stopped one' ? 'SIGTERM' : 'SIGKILL')
    }
    const reports = await Promise.all(
      [site.spawnOwner(), site.spawnOwner(), site.spawnOwner()].map(({ report }) => report),
    )
    const winners = reports.filter(({ url }) => url !== undefined)
    expect(winners, JSON.stringify(reports)).toHaveLength(1)
    for (const { refused } of reports) if (refused !== undefined) expect(refused).toContain('is in use by')
    const [winner] = winners
    expect(await readFile(join(site.dataDir, 'database-url'), 'utf8')).toBe(`${winner?.url}\n`)
    expect(await query(winner?.url ?? '', 'SELECT 1 AS v')).toBe(1)
    expect((await readdir(site.dataDir)).filter((name) => name.startsWith('postgres.new-'))).toEqual([])
  },
)

test('a port that was taken in the meantime is given up for another', async () => {
  const first = await site.start()
  await first.stop()
  const port = Number(new URL(first.url).port)
  const squatter = createServer().listen(port, '127.0.0.1')
  await once(squatter, 'listening')
  try {
    const second = await site.start()
    expect(new URL(second.url).port).not.toBe(String(port))
    expect(await query(second.url, 'SELECT 1 AS v')).toBe(1)
    expect(await readFile(join(site.dataDir, 'database-url'), 'utf8')).toBe(`${second.url}\n`)
  } finally {
    squatter.close()
  }
})

test('a cluster of another major version is refused with both versions and the mend', async () => {
  await mkdir(site.dataDir)
  await createCluster({
    clusterDir: join(site.dataDir, 'postgres'),
    binaries: await locateBinaries('postgres-17'),
    privileges: await choosePrivileges(),
    majorVersion: 17,
    durable: false,
  })
  await expect(site.start()).rejects.toThrow(
    /was written by PostgreSQL 17, and the embedded one is 18: .*pg_dump.*YEYAK_DATA_DIR/,
  )
})

test('what cannot be a data directory is refused with the mend', async () => {
  await writeFile(site.dataDir, '')
  await expect(site.start()).rejects.toThrow(
    /cannot be written \(a file stands in its place\): .*YEYAK_DATA_DIR/,
  )
  await rm(site.dataDir)
  await mkdir(join(site.dataDir, 'postgres'), { recursive: true })
  await writeFile(join(site.dataDir, 'postgres', 'my-thesis.txt'), '')
  await expect(site.start()).rejects.toThrow('holds files, but no PostgreSQL cluster')
})

test.runIf(process.platform !== 'win32' && !isRoot)(
  'a directory without the right to write is refused',
  async () => {
    await mkdir(site.dataDir, { mode: 0o500 })
    await expect(site.start()).rejects.toThrow(/cannot be written \(EACCES\)/)
  },
)
