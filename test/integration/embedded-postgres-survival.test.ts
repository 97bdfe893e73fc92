import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { isAlive } from '../../src/platform/embedded-postgres/index.ts'
import { type EmbeddedSite, embeddedSite, kill, query, queryOnceUp, until } from '../kit/embedded-site.ts'

let site: EmbeddedSite

beforeEach(async () => {
  site = await embeddedSite()
})

afterEach(() => site.clear())

test('after kill -9 of the owner the server lives on, and the next start takes it over with its data', async () => {
  const { child, report } = site.spawnOwner()
  const { url = '' } = await report
  await query(url, 'CREATE TABLE kept AS SELECT 42 AS v')
  await kill(child)
  expect(await query(url, 'SELECT v FROM kept')).toBe(42)
  const orphan = await site.postmasterPid()

  const server = await site.start()
  expect(server).toMatchObject({ tookOver: true, created: false, url })
  expect(await site.postmasterPid()).not.toBe(orphan)
  expect(await query(server.url, 'SELECT v FROM kept')).toBe(42)
})

test('Ctrl-C in the terminal does not reach the server', async () => {
  const { child, report } = site.spawnOwner()
  const { url = '' } = await report
  // The terminal signals the whole process group.
  process.kill(-(child.pid ?? 0), 'SIGINT')
  expect(await query(url, 'SELECT pg_sleep(0.3), 1 AS v')).toBe(1)
  await kill(child, 'SIGTERM')
  await expect(query(url, 'SELECT 1 AS v')).rejects.toThrow('ECONNREFUSED')
})

test('after kill -9 of the server it comes back on the same port with its data, again and again', async () => {
  const server = await site.start()
  await query(server.url, 'CREATE TABLE kept AS SELECT 42 AS v')
  for (let round = 0; round < 3; round++) {
    const pid = await site.postmasterPid()
    process.kill(pid, 'SIGKILL')
    await until(async () => (await site.postmasterPid().catch(() => pid)) !== pid)
    expect(await queryOnceUp(server.url, 'SELECT v FROM kept')).toBe(42)
    await until(() => site.logged.filter((line) => line.includes('is up again')).length === round + 1)
  }
  expect(site.logged[0]).toContain('ended unexpectedly (signal SIGKILL)')
  expect((await site.spawnOwner().report).refused).toContain('is in use by')
})

/** Stops a process of the server in its tracks: it keeps the server's memory, whatever becomes of the server. */
async function holdBackend(url: string): Promise<() => void> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid()::int AS pid')
  const pid = rows[0]?.pid ?? 0
  process.kill(pid, 'SIGSTOP')
  return () => process.kill(pid, 'SIGKILL')
}

async function serverLogSays(text: string): Promise<void> {
  await until(async () => (await readFile(join(site.dataDir, 'postgres.log'), 'utf8')).includes(text))
}

test('a process that outlives its killed server delays the restart, and does not prevent it', async () => {
  const server = await site.start()
  const letGo = await holdBackend(server.url)
  process.kill(await site.postmasterPid(), 'SIGKILL')
  await serverLogSays('pre-existing shared memory block')
  letGo()
  expect(await queryOnceUp(server.url, 'SELECT 1 AS v')).toBe(1)
})

test('a process that outlives its killed server and owner delays the next start, and does not prevent it', async () => {
  const { child, report } = site.spawnOwner()
  const letGo = await holdBackend((await report).url ?? '')
  await kill(child)
  process.kill(await site.postmasterPid(), 'SIGKILL')
  const starting = site.start()
  await serverLogSays('pre-existing shared memory block')
  letGo()
  expect(await query((await starting).url, 'SELECT 1 AS v')).toBe(1)
})

test('a stop while the server is being started again ends it for good', async () => {
  const server = await site.start()
  process.kill(await site.postmasterPid(), 'SIGKILL')
  await until(() => site.logged.length > 0)
  await server.stop()
  await expect(query(server.url, 'SELECT 1 AS v')).rejects.toThrow('ECONNREFUSED')
  await expect(site.start()).resolves.toMatchObject({ tookOver: false, created: false })
})

test('a lost lock is taken again, and meanwhile the directory is still refused to others', async () => {
  const server = await site.start()
  const owners = `SELECT pid::int AS v FROM pg_stat_activity WHERE application_name LIKE 'yeyak-embedded-owner %'`
  const before = await query(server.url, owners)
  await query(server.url, `SELECT pg_terminate_backend(${String(before)}) AS v`)
  expect((await site.spawnOwner().report).refused).toContain('is in use by')
  await until(async () => ![undefined, before].includes(await query(server.url, owners)))
  expect((await site.spawnOwner().report).refused).toContain('is in use by')
})

test('an owner that is held up without its lock is not robbed of its server', async () => {
  const { child, report } = site.spawnOwner()
  const { url = '' } = await report
  const pid = await site.postmasterPid()
  child.kill('SIGSTOP')
  const lost = `SELECT count(pg_terminate_backend(pid))::int AS v FROM pg_stat_activity
                WHERE application_name LIKE 'yeyak-embedded-owner %'`
  expect(await query(url, lost)).toBe(1)
  await expect(site.start()).rejects.toThrow(`is in use by another Yeyak (pid ${child.pid})`)
  child.kill('SIGCONT')
  const owners = `SELECT count(*)::int AS v FROM pg_stat_activity WHERE application_name LIKE 'yeyak-embedded-owner %'`
  await until(async () => (await query(url, owners)) === 1)
  expect(await site.postmasterPid()).toBe(pid)
})

test('kill -9 in the middle of a first start leaves nothing half-made', async () => {
  const { child } = site.spawnOwner()
  const half = async () =>
    (await readdir(site.dataDir).catch(() => [])).some((name) => name.startsWith('postgres.new-'))
  await until(half)
  await kill(child)
  const server = await site.start()
  expect(server.created).toBe(true)
  expect(await query(server.url, 'SELECT 1 AS v')).toBe(1)
  await server.stop()
  // The orphaned initdb writes on until it is done: a start after that finds and removes what it has left.
  await until(async () => {
    const again = await site.start()
    await again.stop()
    return !(await half())
  })
  expect(await half()).toBe(false)
})

test.each(['a zombie', 'another program', 'nobody'])(
  'a stale postmaster.pid whose pid is %s is no obstacle',
  async (kind) => {
    const first = await site.start()
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS v')
    const entry = await readFile(join(site.dataDir, 'postgres', 'postmaster.pid'), 'utf8')
    await first.stop()
    // The shell becomes a `sleep`, which never looks after the child that the shell left it.
    const parent = spawn('/bin/sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    onTestFinished(() => void parent.kill('SIGKILL'))
    const [zombie] = await once(createInterface({ input: parent.stdout }), 'line')
    await until(async () => !(await isAlive(Number(zombie))))
    const pid = { 'a zombie': String(zombie), 'another program': String(parent.pid), nobody: '4194000' }[kind]
    await writeFile(join(site.dataDir, 'postgres', 'postmaster.pid'), entry.replace(/^\d+/, pid ?? ''))

    const second = await site.start()
    expect(second).toMatchObject({ tookOver: false, created: false })
    expect(await query(second.url, 'SELECT v FROM kept')).toBe(42)
  },
)
