import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { isAlive } from '../../src/platform/embedded-postgres/index.ts'
import { kill, query, until } from '../kit/embedded-site.ts'
import {
  startTestPostgres,
  TEST_VERSIONS,
  type TestPostgres,
  type TestPostgresOptions,
} from '../kit/postgres.ts'

const servers: TestPostgres[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

async function start(options?: TestPostgresOptions): Promise<TestPostgres> {
  const server = await startTestPostgres(options)
  servers.push(server)
  return server
}

test.each(TEST_VERSIONS)('PostgreSQL %i starts from npm, makes databases and drops them', async (version) => {
  const server = await start({ version })
  expect(String(await query(server.adminUrl, `SELECT current_setting('server_version') AS v`))).toMatch(
    new RegExp(`^${version}\\.`),
  )
  const url = await server.createDatabase('one "two"')
  expect(url).toBe(server.url('one "two"'))
  await query(server.url('postgres'), 'SELECT 1 AS v')
  await server.dropDatabase('one "two"')
  await server.dropDatabase('one "two"')
})

test('a database can be made from a template, and is dropped under those who use it', async () => {
  const server = await start({ settings: { work_mem: '5MB' }, maxConnections: 37 })
  const template = await server.createDatabase('template')
  await query(template, 'CREATE TABLE kept AS SELECT 42 AS v')
  const copy = await server.createDatabase('copy', 'template')
  expect(await query(copy, 'SELECT v FROM kept')).toBe(42)
  expect(await query(copy, `SELECT current_setting('work_mem') AS v`)).toBe('5MB')
  expect(await query(copy, `SELECT current_setting('max_connections') AS v`)).toBe('37')
  const cutOff = query(copy, 'SELECT pg_sleep(60) AS v').catch((error: unknown) => String(error))
  await until(
    async () =>
      (await query(
        template,
        `SELECT count(*)::int AS v FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'`,
      )) === 1,
  )
  await server.dropDatabase('copy')
  expect(await cutOff).toContain('terminat')
  await expect(query(copy, 'SELECT 1 AS v')).rejects.toThrow('does not exist')
})

test('the server keeps port and data over restarts, a crash and a pause', async () => {
  const server = await start()
  const url = await server.createDatabase('app')
  await query(url, 'CREATE TABLE kept AS SELECT 42 AS v')
  const { pid } = server
  await server.restart('fast')
  expect(server.pid).not.toBe(pid)
  expect(await query(url, 'SELECT v FROM kept')).toBe(42)
  await server.restart('immediate')
  expect(await query(url, 'SELECT v FROM kept')).toBe(42)
  await server.stopServer()
  await expect(query(url, 'SELECT 1 AS v')).rejects.toThrow('ECONNREFUSED')
  await server.startServer()
  expect(await query(url, 'SELECT v FROM kept')).toBe(42)
})

test('commits are flushed to disk only where the test asks for it', async () => {
  const fsync = async (durable: boolean) =>
    query((await start({ durable })).adminUrl, `SELECT current_setting('fsync') AS v`)
  expect(await fsync(false)).toBe('off')
  expect(await fsync(true)).toBe('on')
})

test.runIf(process.platform !== 'win32')(
  'after kill -9 of the test process its server and files go too',
  async () => {
    const script = `
    import { startTestPostgres } from ${JSON.stringify(new URL('../kit/postgres.ts', import.meta.url).href)}
    const server = await startTestPostgres()
    const { Client } = await import('pg')
    const client = new Client(server.adminUrl)
    await client.connect()
    const { rows } = await client.query('SHOW data_directory')
    console.log(JSON.stringify({ pid: server.pid, directory: rows[0].data_directory }))
    setInterval(() => {}, 60_000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(createInterface({ input: child.stdout }), 'line')
    const { pid, directory }: { pid: number; directory: string } = JSON.parse(String(line))
    expect(await isAlive(pid)).toBe(true)
    await kill(child)
    await until(async () => !(await isAlive(pid)))
    await until(async () =>
      stat(directory).then(
        () => false,
        () => true,
      ),
    )
  },
)
